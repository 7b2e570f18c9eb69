// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;

/// Our own rendering of the public definition of CryptoSwap of two coins (Curve's twocrypto).
contract CryptoSwapReference {
    struct Case {
        uint256[2] balances;
        uint256[2] precisions;
        uint256 priceScale;
        uint256 amp;
        uint256 gamma;
        uint256 d;
        uint256 midFee;
        uint256 outFee;
        uint256 feeGamma;
        uint256 i;
        uint256 amountIn;
    }

    function outputs(Case[] calldata cases) external view returns (uint256[] memory out) {
        out = new uint256[](cases.length);
        for (uint256 k; k < cases.length; k++) {
            try this.output(cases[k]) returns (uint256 o) {
                out[k] = o;
            } catch {}
        }
    }

    function invariants(Case[] calldata cases) external view returns (uint256[] memory out) {
        out = new uint256[](cases.length);
        for (uint256 k; k < cases.length; k++) {
            try this.invariant(cases[k]) returns (uint256 o) {
                out[k] = o;
            } catch {}
        }
    }

    function scaled(Case calldata c) private pure returns (uint256[2] memory xp) {
        xp = [c.balances[0], c.balances[1]];
        xp[c.i] += c.amountIn;
        xp[0] *= c.precisions[0];
        xp[1] = xp[1] * c.priceScale * c.precisions[1] / 1e18;
    }

    function output(Case calldata c) external pure returns (uint256 dy) {
        uint256[2] memory xp = scaled(c);
        uint256 j = 1 - c.i;
        dy = xp[j] - otherBalance(c, xp[c.i]);
        xp[j] -= dy;
        dy -= 1;
        if (j == 1) dy = dy * 1e18 / c.priceScale;
        dy /= c.precisions[j];
        dy -= feeAt(c, xp) * dy / 1e10;
    }

    function feeAt(Case calldata c, uint256[2] memory xp) private pure returns (uint256) {
        uint256 f = xp[0] + xp[1];
        f = c.feeGamma * 1e18 / (c.feeGamma + 1e18 - (1e18 * 4) * xp[0] / f * xp[1] / f);
        return (c.midFee * f + c.outFee * (1e18 - f)) / 1e18;
    }

    function otherBalance(Case calldata c, uint256 x) private pure returns (uint256 y) {
        require(c.d > 1e17 - 1 && c.d < 1e33 + 1);
        y = c.d ** 2 / (x * 4);
        uint256 k0i = (1e18 * 2) * x / c.d;
        require(k0i > 1e16 * 2 - 1 && k0i < 1e20 * 2 + 1);
        uint256 limit = max(max(x / 1e14, c.d / 1e14), 100);
        for (uint256 r; r < 255; r++) {
            uint256 last = y;
            y = step(c, x, y, k0i);
            uint256 diff = y > last ? y - last : last - y;
            if (diff < max(limit, y / 1e14)) {
                uint256 part = y * 1e18 / c.d;
                require(part > 1e16 - 1 && part < 1e20 + 1);
                return y;
            }
        }
        revert("no y");
    }

    function step(Case calldata c, uint256 x, uint256 y, uint256 k0i) private pure returns (uint256) {
        uint256 k0 = k0i * y * 2 / c.d;
        uint256 s = x + y;
        uint256 g = c.gamma + 1e18;
        g = g > k0 ? g - k0 + 1 : k0 - g + 1;
        uint256 mul1 = 1e18 * c.d / c.gamma * g / c.gamma * g * 10000 / c.amp;
        uint256 mul2 = 1e18 + (2 * 1e18) * k0 / g;
        uint256 yf = 1e18 * y + s * mul2 + mul1;
        uint256 dyf = c.d * mul2;
        if (yf < dyf) return y / 2;
        yf -= dyf;
        uint256 f = yf / y;
        uint256 less = mul1 / f;
        uint256 plus = (yf + 1e18 * c.d) / f + less * 1e18 / k0;
        less += 1e18 * s / f;
        return plus < less ? y / 2 : plus - less;
    }

    function invariant(Case calldata c) external pure returns (uint256 d) {
        uint256[2] memory x = scaled(c);
        if (x[0] < x[1]) (x[0], x[1]) = (x[1], x[0]);
        require(x[0] > 1e9 - 1 && x[0] < 1e33 + 1);
        require(x[1] * 1e18 / x[0] > 1e14 - 1);
        uint256 s = x[0] + x[1];
        d = 2 * root(x[0] * x[1]);
        for (uint256 r; r < 255; r++) {
            uint256 last = d;
            require(d > 0);
            d = invariantStep(c, x, s, d);
            uint256 diff = d > last ? d - last : last - d;
            if (diff * 1e14 < max(1e16, d)) {
                for (uint256 k; k < 2; k++) {
                    uint256 part = x[k] * 1e18 / d;
                    require(part > 1e16 - 1 && part < 1e20 + 1);
                }
                return d;
            }
        }
        revert("no D");
    }

    function invariantStep(Case calldata c, uint256[2] memory x, uint256 s, uint256 d) private pure returns (uint256) {
        uint256 k0 = (1e18 * 4) * x[0] / d * x[1] / d;
        uint256 g = c.gamma + 1e18;
        g = g > k0 ? g - k0 + 1 : k0 - g + 1;
        uint256 mul1 = 1e18 * d / c.gamma * g / c.gamma * g * 10000 / c.amp;
        uint256 mul2 = (2 * 1e18) * 2 * k0 / g;
        uint256 neg = (s + s * mul2 / 1e18) + mul1 * 2 / k0 - mul2 * d / 1e18;
        uint256 plus = d * (neg + s) / neg;
        uint256 minus = d * d / neg;
        if (1e18 > k0) minus += d * (mul1 / neg) / 1e18 * (1e18 - k0) / k0;
        else minus -= d * (mul1 / neg) / 1e18 * (k0 - 1e18) / k0;
        return plus > minus ? plus - minus : (minus - plus) / 2;
    }

    function root(uint256 v) private pure returns (uint256 r) {
        if (v < 2) return v;
        r = v;
        uint256 next = (v + 1) / 2;
        while (next < r) {
            r = next;
            next = (v / next + next) / 2;
        }
    }

    function max(uint256 a, uint256 b) private pure returns (uint256) {
        return a > b ? a : b;
    }
}
