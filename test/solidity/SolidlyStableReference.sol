// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;

import {ConstantProductRun} from "./ConstantProductRun.sol";

/// Our own rendering of the public definition of stable pairs: BaseV1Pair of Solidly (_k, _f, _d, _get_y, _getAmountOut,
/// swap) and Pool of Velodrome V2, which has its own _f and _get_y. Variant 0 is Solidly, 1 Velodrome V2, 2 Solidly's
/// arithmetic with fees that stay in the reserves.
/// Pool: reserve0, reserve1, 10^decimals0, 10^decimals1, fee0, fee1, unit of the fees, variant.
contract SolidlyStableReference is ConstantProductRun {
    function swap(uint256[] memory pool, Step memory step)
        public
        pure
        override
        returns (uint256 amountIn, uint256 amountOut, uint256[] memory)
    {
        require(step.tokenIn + step.tokenOut == 1 && !step.exactOut && step.amount > 0, "INPUT");
        require(pool[0] > 0 && pool[1] > 0, "EMPTY");
        amountIn = step.amount;
        uint256 fee = (amountIn * pool[4 + step.tokenIn]) / pool[6];
        amountOut = getAmountOut(pool, amountIn - fee, step.tokenIn == 0);
        require(amountOut > 0 && amountOut < pool[step.tokenOut], "OUTPUT");
        uint256 before = k(pool, pool[0], pool[1]);
        pool[step.tokenIn] += amountIn;
        pool[step.tokenIn] -= fee;
        pool[step.tokenOut] -= amountOut;
        require(k(pool, pool[0], pool[1]) >= before, "K");
        if (pool[7] == 2) pool[step.tokenIn] += fee;
        return (amountIn, amountOut, pool);
    }

    function getAmountOut(uint256[] memory pool, uint256 net, bool isToken0In) private pure returns (uint256) {
        uint256 xy = k(pool, pool[0], pool[1]);
        uint256 scaled0 = (pool[0] * 1e18) / pool[2];
        uint256 scaled1 = (pool[1] * 1e18) / pool[3];
        (uint256 reserveA, uint256 reserveB) = isToken0In ? (scaled0, scaled1) : (scaled1, scaled0);
        net = isToken0In ? (net * 1e18) / pool[2] : (net * 1e18) / pool[3];
        uint256 y = pool[7] == 1
            ? velodromeY(pool, net + reserveA, xy, reserveB)
            : solidlyY(net + reserveA, xy, reserveB);
        return ((reserveB - y) * (isToken0In ? pool[3] : pool[2])) / 1e18;
    }

    function k(uint256[] memory pool, uint256 x, uint256 y) private pure returns (uint256) {
        return velodromeF((x * 1e18) / pool[2], (y * 1e18) / pool[3]);
    }

    function solidlyF(uint256 x0, uint256 y) private pure returns (uint256) {
        uint256 cubeOfY = (((y * y) / 1e18) * y) / 1e18;
        uint256 cubeOfX = (((x0 * x0) / 1e18) * x0) / 1e18;
        return (x0 * cubeOfY) / 1e18 + (cubeOfX * y) / 1e18;
    }

    function velodromeF(uint256 x0, uint256 y) private pure returns (uint256) {
        uint256 both = (x0 * y) / 1e18;
        uint256 squares = (x0 * x0) / 1e18 + (y * y) / 1e18;
        return (both * squares) / 1e18;
    }

    function d(uint256 x0, uint256 y) private pure returns (uint256) {
        return (3 * x0 * ((y * y) / 1e18)) / 1e18 + (((x0 * x0) / 1e18) * x0) / 1e18;
    }

    function solidlyY(uint256 x0, uint256 xy, uint256 y) private pure returns (uint256) {
        for (uint256 i = 0; i < 255; i++) {
            uint256 previous = y;
            uint256 now_ = solidlyF(x0, y);
            if (now_ < xy) y += ((xy - now_) * 1e18) / d(x0, y);
            else y -= ((now_ - xy) * 1e18) / d(x0, y);
            if ((y > previous ? y - previous : previous - y) <= 1) return y;
        }
        return y;
    }

    function velodromeY(uint256[] memory pool, uint256 x0, uint256 xy, uint256 y) private pure returns (uint256) {
        for (uint256 i = 0; i < 255; i++) {
            uint256 now_ = velodromeF(x0, y);
            if (now_ < xy) {
                uint256 dy = ((xy - now_) * 1e18) / d(x0, y);
                if (dy == 0) {
                    // The contract calls _k here, on amounts that are scaled already.
                    if (k(pool, x0, y + 1) > xy) return y + 1;
                    dy = 1;
                }
                y += dy;
            } else {
                uint256 dy = ((now_ - xy) * 1e18) / d(x0, y);
                if (dy == 0) {
                    if (now_ == xy || velodromeF(x0, y - 1) < xy) return y;
                    dy = 1;
                }
                y -= dy;
            }
        }
        revert("!y");
    }
}
