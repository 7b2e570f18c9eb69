// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;

import {ConstantProductRun} from "./ConstantProductRun.sol";

/// Our own rendering of public definitions: UniswapV2Library.getAmountOut and getAmountIn with the checks of
/// UniswapV2Pair.swap, in any unit of fee (Uniswap V2 1e3, PancakeSwap V2 1e4, SyncSwap classic 1e5), and
/// Pair.getAmountOut and swap of Solidly's volatile pairs, which move the fee out of the pool.
/// Pool: reserve0, reserve1, fee0, fee1, unit of the fees, largest reserve, 1 when the fee leaves the pool.
contract ConstantProductReference is ConstantProductRun {
    function swap(uint256[] memory pool, Step memory step)
        public
        pure
        override
        returns (uint256 amountIn, uint256 amountOut, uint256[] memory)
    {
        require(step.tokenIn + step.tokenOut == 1, "TOKENS");
        uint256 reserveIn = pool[step.tokenIn];
        uint256 reserveOut = pool[step.tokenOut];
        uint256 fee = pool[2 + step.tokenIn];
        require(step.amount > 0 && reserveIn > 0 && reserveOut > 0, "EMPTY");
        if (pool[6] == 1) {
            require(!step.exactOut, "NO_EXACT_OUT");
            (amountIn, amountOut) = (step.amount, _outBefore(step.amount, reserveIn, reserveOut, fee, pool[4]));
            uint256 balance = reserveIn + amountIn;
            balance -= (amountIn * fee) / pool[4];
            require(balance * (reserveOut - amountOut) >= reserveIn * reserveOut, "K");
            pool[step.tokenIn] = balance;
        } else {
            (amountIn, amountOut) = step.exactOut
                ? (_in(step.amount, reserveIn, reserveOut, fee, pool[4]), step.amount)
                : (step.amount, _outInside(step.amount, reserveIn, reserveOut, fee, pool[4]));
            if (pool[5] != type(uint256).max) {
                _checkK(reserveIn + amountIn, reserveOut - amountOut, amountIn * fee, reserveIn * reserveOut, pool[4]);
            }
            require(reserveIn + amountIn <= pool[5] && reserveOut <= pool[5], "OVERFLOW");
            pool[step.tokenIn] = reserveIn + amountIn;
        }
        require(amountOut > 0 && amountOut < reserveOut, "OUTPUT");
        pool[step.tokenOut] = reserveOut - amountOut;
        return (amountIn, amountOut, pool);
    }

    function _outInside(uint256 amountIn, uint256 reserveIn, uint256 reserveOut, uint256 fee, uint256 unit)
        private
        pure
        returns (uint256)
    {
        uint256 withFee = amountIn * (unit - fee);
        return (withFee * reserveOut) / (reserveIn * unit + withFee);
    }

    function _in(uint256 amountOut, uint256 reserveIn, uint256 reserveOut, uint256 fee, uint256 unit)
        private
        pure
        returns (uint256)
    {
        return (reserveIn * amountOut * unit) / ((reserveOut - amountOut) * (unit - fee)) + 1;
    }

    function _outBefore(uint256 amountIn, uint256 reserveIn, uint256 reserveOut, uint256 fee, uint256 unit)
        private
        pure
        returns (uint256)
    {
        amountIn -= (amountIn * fee) / unit;
        return (amountIn * reserveOut) / (reserveIn + amountIn);
    }

    function _checkK(uint256 balanceIn, uint256 balanceOut, uint256 feeInParts, uint256 before, uint256 unit)
        private
        pure
    {
        // Pairs with fees in parts of 1e5 (Camelot V2) compare the balances after a fee that is rounded down.
        if (unit > 10_000) require((balanceIn - feeInParts / unit) * balanceOut >= before, "K");
        else require((balanceIn * unit - feeInParts) * (balanceOut * unit) >= before * unit * unit, "K");
    }
}
