// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Hop, PoolTrader} from "./PoolTrader.sol";

/// A searcher's executor: trades its own inventory in cycles and in the two legs of a sandwich.
contract Searcher is PoolTrader {
    error Unprofitable(uint256 amountIn, uint256 amountOut, uint256 minProfit);
    error NothingHeld(address token);

    /// What the last `front` bought of each token and `back` has not sold yet.
    mapping(address token => uint256) public held;

    /// Swaps along the hops, which end in the token they start from; reverts below `minProfit`.
    function cycle(Hop[] calldata hops, uint256 amountIn, uint256 minProfit) external returns (uint256 amountOut) {
        amountOut = _route(hops, amountIn);
        if (amountOut < amountIn + minProfit) revert Unprofitable(amountIn, amountOut, minProfit);
    }

    /// Buys `tokenOut` ahead of a victim and remembers how much came.
    function front(Hop calldata hop, address tokenOut, uint256 amountIn) external {
        held[tokenOut] += _swap(hop, amountIn);
    }

    /// Sells everything that `front` bought.
    function back(Hop calldata hop) external {
        uint256 amount = held[hop.tokenIn];
        if (amount == 0) revert NothingHeld(hop.tokenIn);
        held[hop.tokenIn] = 0;
        _swap(hop, amount);
    }
}
