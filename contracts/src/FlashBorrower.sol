// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IERC20, IV2Pair, IV3Pool} from "./Interfaces.sol";

/// Borrows from a pool and pays back in the same call, the fee out of its own balance.
contract FlashBorrower {
    error NotThePool(address caller, address expected);

    address private transient activePool;

    /// Flash swap of a V2 pair that repays in the borrowed token.
    function flashV2(address pair, address token, uint256 amount) external {
        bool isToken0 = IV2Pair(pair).token0() == token;
        activePool = pair;
        IV2Pair(pair).swap(isToken0 ? amount : 0, isToken0 ? 0 : amount, address(this), abi.encode(token));
        activePool = address(0);
    }

    /// `flash` of a V3 pool with both tokens.
    function flashV3(address pool, uint256 amount0, uint256 amount1) external {
        activePool = pool;
        IV3Pool(pool).flash(address(this), amount0, amount1, abi.encode(amount0, amount1));
        activePool = address(0);
    }

    function uniswapV2Call(address, uint256 amount0, uint256 amount1, bytes calldata data) external {
        if (msg.sender != activePool) revert NotThePool(msg.sender, activePool);
        uint256 borrowed = amount0 + amount1;
        // 0.3 % of what is paid back, rounded up as the pair's invariant demands.
        IERC20(abi.decode(data, (address))).transfer(msg.sender, (borrowed * 1000) / 997 + 1);
    }

    function uniswapV3FlashCallback(uint256 fee0, uint256 fee1, bytes calldata data) external {
        if (msg.sender != activePool) revert NotThePool(msg.sender, activePool);
        (uint256 amount0, uint256 amount1) = abi.decode(data, (uint256, uint256));
        if (amount0 > 0) IERC20(IV3Pool(msg.sender).token0()).transfer(msg.sender, amount0 + fee0);
        if (amount1 > 0) IERC20(IV3Pool(msg.sender).token1()).transfer(msg.sender, amount1 + fee1);
    }
}
