// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IERC20, IV2Pair, IV3Pool} from "./Interfaces.sol";

/// One pool of a route; `isV3` chooses the pool's interface.
struct Hop {
    address pool;
    address tokenIn;
    bool isV3;
}

/// Swaps exact input amounts straight against V2 pairs and V3 pools, paid from this contract's balance.
abstract contract PoolTrader {
    error NotThePool(address caller, address expected);

    uint160 private constant MIN_SQRT_RATIO = 4295128739;
    uint160 private constant MAX_SQRT_RATIO = 1461446703485210103287273052203988822378723970342;
    address private transient activePool;

    function uniswapV3SwapCallback(int256 amount0Delta, int256 amount1Delta, bytes calldata data) external {
        if (msg.sender != activePool) revert NotThePool(msg.sender, activePool);
        uint256 owed = uint256(amount0Delta > 0 ? amount0Delta : amount1Delta);
        IERC20(abi.decode(data, (address))).transfer(msg.sender, owed);
    }

    /// Swaps through each hop in turn and returns the last hop's output.
    function _route(Hop[] calldata hops, uint256 amountIn) internal returns (uint256 amount) {
        amount = amountIn;
        for (uint256 i = 0; i < hops.length; i++) amount = _swap(hops[i], amount);
    }

    function _swap(Hop calldata hop, uint256 amountIn) internal returns (uint256) {
        return hop.isV3 ? _swapV3(hop, amountIn) : _swapV2(hop, amountIn);
    }

    function _swapV2(Hop calldata hop, uint256 amountIn) private returns (uint256 amountOut) {
        IV2Pair pair = IV2Pair(hop.pool);
        bool zeroForOne = pair.token0() == hop.tokenIn;
        (uint256 reserveIn, uint256 reserveOut,) = pair.getReserves();
        if (!zeroForOne) (reserveIn, reserveOut) = (reserveOut, reserveIn);
        IERC20(hop.tokenIn).transfer(hop.pool, amountIn);
        // What arrived, not what was sent: a fee-on-transfer token delivers less.
        uint256 received = (IERC20(hop.tokenIn).balanceOf(hop.pool) - reserveIn) * 997;
        amountOut = (received * reserveOut) / (reserveIn * 1000 + received);
        pair.swap(zeroForOne ? 0 : amountOut, zeroForOne ? amountOut : 0, address(this), "");
    }

    function _swapV3(Hop calldata hop, uint256 amountIn) private returns (uint256) {
        IV3Pool pool = IV3Pool(hop.pool);
        bool zeroForOne = pool.token0() == hop.tokenIn;
        activePool = hop.pool;
        (int256 amount0, int256 amount1) = pool.swap(
            address(this),
            zeroForOne,
            int256(amountIn),
            zeroForOne ? MIN_SQRT_RATIO + 1 : MAX_SQRT_RATIO - 1,
            abi.encode(hop.tokenIn)
        );
        activePool = address(0);
        return uint256(-(zeroForOne ? amount1 : amount0));
    }
}
