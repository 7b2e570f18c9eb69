// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;

import {ConstantProductRun} from "./ConstantProductRun.sol";

/// Our own rendering of the public definition of KyberSwap Classic (DMM): DMMLibrary.getAmountOut and getAmountIn, and
/// DMMPool.swap with its check of the virtual balances and its update of both kinds of reserves.
/// Pool: reserve0, reserve1, virtual reserve0, virtual reserve1, fee in parts of 1e18.
contract KyberClassicReference is ConstantProductRun {
    uint256 private constant PRECISION = 1e18;

    function swap(uint256[] memory pool, Step memory step)
        public
        pure
        override
        returns (uint256 amountIn, uint256 amountOut, uint256[] memory)
    {
        require(step.tokenIn + step.tokenOut == 1 && step.amount > 0, "INPUT");
        require(pool[0] > 0 && pool[1] > 0, "EMPTY");
        (uint256 virtualIn, uint256 virtualOut) = (pool[2 + step.tokenIn], pool[2 + step.tokenOut]);
        if (step.exactOut) (amountIn, amountOut) = (getAmountIn(step.amount, virtualIn, virtualOut, pool[4]), step.amount);
        else (amountIn, amountOut) = (step.amount, getAmountOut(step.amount, virtualIn, virtualOut, pool[4]));
        require(amountOut > 0 && amountOut < pool[step.tokenOut], "LIQUIDITY");

        uint256[] memory afterwards = new uint256[](5);
        afterwards[4] = pool[4];
        afterwards[step.tokenIn] = pool[step.tokenIn] + amountIn;
        afterwards[step.tokenOut] = pool[step.tokenOut] - amountOut;
        for (uint256 i = 0; i < 2; i++) afterwards[2 + i] = pool[2 + i] + afterwards[i] - pool[i];

        uint256 adjusted = (afterwards[2 + step.tokenIn] * PRECISION - amountIn * pool[4]) / PRECISION;
        require(adjusted * afterwards[2 + step.tokenOut] >= virtualIn * virtualOut, "K");
        for (uint256 i = 0; i < 4; i++) require(afterwards[i] <= type(uint112).max, "OVERFLOW");
        require(afterwards[2] >= afterwards[0] && afterwards[3] >= afterwards[1], "VIRTUAL");
        return (amountIn, amountOut, afterwards);
    }

    function getAmountOut(uint256 amountIn, uint256 virtualIn, uint256 virtualOut, uint256 fee)
        private
        pure
        returns (uint256)
    {
        uint256 kept = (amountIn * (PRECISION - fee)) / PRECISION;
        return (kept * virtualOut) / (virtualIn + kept);
    }

    function getAmountIn(uint256 amountOut, uint256 virtualIn, uint256 virtualOut, uint256 fee)
        private
        pure
        returns (uint256)
    {
        uint256 kept = (virtualIn * amountOut) / (virtualOut - amountOut) + 1;
        uint256 whole = PRECISION - fee;
        return (kept * PRECISION + whole - 1) / whole;
    }
}
