// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;

/// Our own rendering of the public definition of StableSwap (Curve's templates and StableSwap-NG), any number of coins.
contract StableSwapReference {
    struct Case {
        bool ng;
        uint256[] balances;
        uint256[] rates;
        uint256 amp;
        uint256 ampPrecision;
        uint256 fee;
        uint256 adminFee;
        uint256 offpeg;
        uint256 i;
        uint256 j;
        uint256 amountIn;
    }

    function outputs(Case[] calldata cases) external view returns (uint256[] memory out, uint256[] memory left) {
        out = new uint256[](cases.length);
        left = new uint256[](cases.length);
        for (uint256 k; k < cases.length; k++) {
            try this.output(cases[k]) returns (uint256 o, uint256 l) {
                (out[k], left[k]) = (o, l);
            } catch {}
        }
    }

    /// What comes out, and the balance of the coin that is left in the pool.
    function output(Case calldata c) external pure returns (uint256 out, uint256 left) {
        uint256[] memory xp = new uint256[](c.balances.length);
        for (uint256 k; k < xp.length; k++) xp[k] = c.balances[k] * c.rates[k] / 1e18;
        uint256 x = xp[c.i] + c.amountIn * c.rates[c.i] / 1e18;
        uint256 y = solve(c, xp, x);
        uint256 dy = xp[c.j] - y - 1;
        uint256 fee = dy * (c.ng ? feeAt(c, (xp[c.i] + x) / 2, (xp[c.j] + y) / 2) : c.fee) / 1e10;
        out = (dy - fee) * 1e18 / c.rates[c.j];
        uint256 admin = (fee * c.adminFee / 1e10) * 1e18 / c.rates[c.j];
        left = c.balances[c.j] - out - admin;
    }

    function removals(Case[] calldata cases) external view returns (uint256[] memory out, uint256[] memory left) {
        out = new uint256[](cases.length);
        left = new uint256[](cases.length);
        for (uint256 k; k < cases.length; k++) {
            try this.removal(cases[k]) returns (uint256 o, uint256 l) {
                (out[k], left[k]) = (o, l);
            } catch {}
        }
    }

    /// What burning `amountIn` of `j` liquidity tokens pays in the coin `i`, and the balance of the coin that is left.
    function removal(Case calldata c) external pure returns (uint256 out, uint256 left) {
        uint256 n = c.balances.length;
        uint256[] memory xp = new uint256[](n);
        for (uint256 k; k < n; k++) xp[k] = c.balances[k] * c.rates[k] / 1e18;
        uint256 d0 = invariant(c, xp);
        uint256 d1 = d0 - c.amountIn * d0 / c.j;
        uint256 y0 = solveAt(c, c.i, xp, d1);
        uint256 full = (xp[c.i] - y0) * 1e18 / c.rates[c.i];
        uint256[] memory reduced = reduce(c, xp, d0, d1, y0);
        out = (reduced[c.i] - solveAt(c, c.i, reduced, d1) - 1) * 1e18 / c.rates[c.i];
        left = c.balances[c.i] - (out + (full - out) * c.adminFee / 1e10);
    }

    function reduce(Case calldata c, uint256[] memory xp, uint256 d0, uint256 d1, uint256 y0)
        private
        pure
        returns (uint256[] memory reduced)
    {
        uint256 n = xp.length;
        reduced = new uint256[](n);
        for (uint256 k; k < n; k++) {
            uint256 expected = k == c.i ? xp[k] * d1 / d0 - y0 : xp[k] - xp[k] * d1 / d0;
            uint256 fee = c.fee * n / (4 * (n - 1));
            if (c.ng && c.offpeg > 1e10) {
                uint256 a = k == c.i ? (xp[k] + y0) / 2 : xp[k];
                uint256 b = (d0 + d1) / (2 * n);
                fee = c.offpeg * fee / ((c.offpeg - 1e10) * 4 * a * b / (a + b) ** 2 + 1e10);
            }
            reduced[k] = xp[k] - fee * expected / 1e10;
        }
    }

    function feeAt(Case calldata c, uint256 a, uint256 b) private pure returns (uint256) {
        if (c.offpeg <= 1e10) return c.fee;
        uint256 s = (a + b) ** 2;
        return c.offpeg * c.fee / ((c.offpeg - 1e10) * 4 * a * b / s + 1e10);
    }

    function invariant(Case calldata c, uint256[] memory xp) private pure returns (uint256 d) {
        uint256 n = xp.length;
        uint256 s;
        for (uint256 k; k < n; k++) s += xp[k];
        uint256 ann = c.amp * n;
        d = s;
        for (uint256 r; r < 255; r++) {
            uint256 p = d;
            for (uint256 k; k < n; k++) p = p * d / (xp[k] * n);
            uint256 last = d;
            d = (ann * s / c.ampPrecision + p * n) * d / ((ann - c.ampPrecision) * d / c.ampPrecision + (n + 1) * p);
            if (d > last ? d - last <= 1 : last - d <= 1) return d;
        }
        revert("no D");
    }

    function solve(Case calldata c, uint256[] memory xp, uint256 x) private pure returns (uint256) {
        uint256 n = xp.length;
        uint256[] memory held = new uint256[](n);
        for (uint256 k; k < n; k++) held[k] = k == c.i ? x : xp[k];
        return solveAt(c, c.j, held, invariant(c, xp));
    }

    function solveAt(Case calldata c, uint256 j, uint256[] memory xp, uint256 d) private pure returns (uint256 y) {
        uint256 n = xp.length;
        uint256 ann = c.amp * n;
        uint256 s;
        uint256 k1 = d;
        for (uint256 k; k < n; k++) {
            if (k == j) continue;
            s += xp[k];
            k1 = k1 * d / (xp[k] * n);
        }
        k1 = k1 * d * c.ampPrecision / (ann * n);
        uint256 b = s + d * c.ampPrecision / ann;
        y = d;
        for (uint256 r; r < 255; r++) {
            uint256 last = y;
            y = (y * y + k1) / (2 * y + b - d);
            if (y > last ? y - last <= 1 : last - y <= 1) return y;
        }
        revert("no y");
    }
}
