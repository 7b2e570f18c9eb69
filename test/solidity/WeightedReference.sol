// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;

import {ConstantProductRun} from "./ConstantProductRun.sol";

/// Our own rendering of the public definition of Balancer V2's weighted pools: WeightedMath, FixedPoint and LogExpMath,
/// the scaling and fees of BaseMinimalSwapInfoPool.onSwap, and the Vault's limit of uint112.
/// Pool: balances, then as many weights, then as many scaling factors, then the swap fee.
contract WeightedReference is ConstantProductRun {
    uint256 private constant ONE = 1e18;

    function swap(uint256[] memory pool, Step memory step)
        public
        pure
        override
        returns (uint256 amountIn, uint256 amountOut, uint256[] memory)
    {
        require(step.tokenIn != step.tokenOut && step.amount > 0, "INPUT");
        if (step.exactOut) (amountIn, amountOut) = (inGivenOut(pool, step), step.amount);
        else (amountIn, amountOut) = (step.amount, outGivenIn(pool, step));
        pool[step.tokenIn] += amountIn;
        pool[step.tokenOut] -= amountOut;
        require(pool[step.tokenIn] <= type(uint112).max, "BALANCE_TOTAL_OVERFLOW");
        return (amountIn, amountOut, pool);
    }

    function outGivenIn(uint256[] memory pool, Step memory step) private pure returns (uint256) {
        (uint256 n, uint256 fee) = (pool.length / 3, pool[pool.length - 1]);
        uint256 scalingIn = pool[2 * n + step.tokenIn];
        uint256 scalingOut = pool[2 * n + step.tokenOut];
        uint256 balanceIn = mulDown(pool[step.tokenIn], scalingIn);
        uint256 balanceOut = mulDown(pool[step.tokenOut], scalingOut);
        uint256 amount = mulDown(step.amount - mulUp(step.amount, fee), scalingIn);
        require(amount <= mulDown(balanceIn, 0.3e18), "MAX_IN_RATIO");
        uint256 base = divUp(balanceIn, balanceIn + amount);
        uint256 power = powUp(base, divDown(pool[n + step.tokenIn], pool[n + step.tokenOut]));
        return divDown(mulDown(balanceOut, power < ONE ? ONE - power : 0), scalingOut);
    }

    function inGivenOut(uint256[] memory pool, Step memory step) private pure returns (uint256) {
        (uint256 n, uint256 fee) = (pool.length / 3, pool[pool.length - 1]);
        uint256 scalingIn = pool[2 * n + step.tokenIn];
        uint256 scalingOut = pool[2 * n + step.tokenOut];
        uint256 balanceIn = mulDown(pool[step.tokenIn], scalingIn);
        uint256 balanceOut = mulDown(pool[step.tokenOut], scalingOut);
        uint256 amount = mulDown(step.amount, scalingOut);
        require(amount <= mulDown(balanceOut, 0.3e18), "MAX_OUT_RATIO");
        uint256 base = divUp(balanceOut, balanceOut - amount);
        uint256 power = powUp(base, divUp(pool[n + step.tokenOut], pool[n + step.tokenIn]));
        return divUp(divUp(mulUp(balanceIn, power - ONE), scalingIn), ONE - fee);
    }

    function mulDown(uint256 a, uint256 b) private pure returns (uint256) {
        return (a * b) / ONE;
    }

    function mulUp(uint256 a, uint256 b) private pure returns (uint256) {
        uint256 product = a * b;
        return product == 0 ? 0 : (product - 1) / ONE + 1;
    }

    function divDown(uint256 a, uint256 b) private pure returns (uint256) {
        return (a * ONE) / b;
    }

    function divUp(uint256 a, uint256 b) private pure returns (uint256) {
        require(b != 0, "ZERO_DIVISION");
        uint256 inflated = a * ONE;
        return inflated == 0 ? 0 : (inflated - 1) / b + 1;
    }

    function powUp(uint256 x, uint256 y) private pure returns (uint256) {
        if (y == ONE) return x;
        if (y == 2 * ONE) return mulUp(x, x);
        if (y == 4 * ONE) return mulUp(mulUp(x, x), mulUp(x, x));
        uint256 raw = uint256(pow(int256(x), int256(y)));
        return raw + mulUp(raw, 10_000) + 1;
    }

    function pow(int256 x, int256 y) private pure returns (int256) {
        if (y == 0) return 1e18;
        if (x == 0) return 0;
        int256 product;
        if (0.9e18 < x && x < 1.1e18) {
            int256 fine = atanhSeries(x * 1e18, 1e36, 15);
            product = (fine / 1e18) * y + ((fine % 1e18) * y) / 1e18;
        } else {
            product = ln(x) * y;
        }
        product /= 1e18;
        require(-41e18 <= product && product <= 130e18, "PRODUCT_OUT_OF_BOUNDS");
        return exp(product);
    }

    /// e^(2^i) for i from 5 down to -4, 20 decimals.
    function powers() private pure returns (int256[10] memory) {
        return [
            int256(7896296018268069516100000000000000),
            888611052050787263676000000,
            298095798704172827474000,
            5459815003314423907810,
            738905609893065022723,
            271828182845904523536,
            164872127070012814685,
            128402541668774148407,
            113314845306682631683,
            106449445891785942956
        ];
    }

    int256 private constant EXP_128 = 38877084059945950922200000000000000000000000000000000000;
    int256 private constant EXP_64 = 6235149080811616882910000000;

    function exp(int256 x) private pure returns (int256) {
        if (x < 0) return 1e36 / exp(-x);
        int256 first = 1;
        if (x >= 128e18) (x, first) = (x - 128e18, EXP_128);
        else if (x >= 64e18) (x, first) = (x - 64e18, EXP_64);
        x *= 100;
        int256 product = 1e20;
        int256[10] memory table = powers();
        int256 part = 32e20;
        for (uint256 i = 0; i < 8; i++) {
            if (x >= part) (x, product) = (x - part, (product * table[i]) / 1e20);
            part /= 2;
        }
        int256 sum = 1e20 + x;
        int256 term = x;
        for (int256 i = 2; i <= 12; i++) {
            term = ((term * x) / 1e20) / i;
            sum += term;
        }
        return (((product * sum) / 1e20) * first) / 100;
    }

    function ln(int256 a) private pure returns (int256) {
        if (a < 1e18) return -ln(1e36 / a);
        int256 sum = 0;
        if (a >= EXP_128 * 1e18) (a, sum) = (a / EXP_128, sum + 128e18);
        if (a >= EXP_64 * 1e18) (a, sum) = (a / EXP_64, sum + 64e18);
        (sum, a) = (sum * 100, a * 100);
        int256[10] memory table = powers();
        int256 part = 32e20;
        for (uint256 i = 0; i < 10; i++) {
            if (a >= table[i]) (a, sum) = ((a * 1e20) / table[i], sum + part);
            part /= 2;
        }
        return (sum + atanhSeries(a, 1e20, 11)) / 100;
    }

    function atanhSeries(int256 x, int256 one, int256 last) private pure returns (int256 sum) {
        int256 z = ((x - one) * one) / (x + one);
        int256 square = (z * z) / one;
        sum = z;
        for (int256 i = 3; i <= last; i += 2) {
            z = (z * square) / one;
            sum += z / i;
        }
        sum *= 2;
    }
}
