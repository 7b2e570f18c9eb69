// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IERC20} from "./Interfaces.sol";
import {Hop, PoolTrader} from "./PoolTrader.sol";

/// Trades for its callers, so pools see the aggregator as sender and recipient of every swap.
contract Aggregator is PoolTrader {
    error TooLittleReceived(uint256 amountOut, uint256 minAmountOut);

    event Routed(address indexed trader, address tokenIn, address tokenOut, uint256 amountIn, uint256 amountOut);

    /// Swaps along the hops one after the other.
    function swap(Hop[] calldata hops, address tokenOut, uint256 amountIn, uint256 minAmountOut)
        external
        returns (uint256 amountOut)
    {
        address tokenIn = hops[0].tokenIn;
        IERC20(tokenIn).transferFrom(msg.sender, address(this), amountIn);
        amountOut = _route(hops, amountIn);
        _deliver(tokenIn, tokenOut, amountIn, amountOut, minAmountOut);
    }

    /// Splits one order over several pools of the same two tokens, `amounts[i]` into `hops[i]`.
    function split(Hop[] calldata hops, uint256[] calldata amounts, address tokenOut, uint256 minAmountOut)
        external
        returns (uint256 amountOut)
    {
        uint256 amountIn = 0;
        for (uint256 i = 0; i < hops.length; i++) {
            IERC20(hops[i].tokenIn).transferFrom(msg.sender, address(this), amounts[i]);
            amountIn += amounts[i];
            amountOut += _swap(hops[i], amounts[i]);
        }
        _deliver(hops[0].tokenIn, tokenOut, amountIn, amountOut, minAmountOut);
    }

    function _deliver(address tokenIn, address tokenOut, uint256 amountIn, uint256 amountOut, uint256 minAmountOut)
        private
    {
        if (amountOut < minAmountOut) revert TooLittleReceived(amountOut, minAmountOut);
        IERC20(tokenOut).transfer(msg.sender, amountOut);
        emit Routed(msg.sender, tokenIn, tokenOut, amountIn, amountOut);
    }
}
