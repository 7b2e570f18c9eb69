// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IERC20, IV3Pool} from "./Interfaces.sol";

/// Holds V3 liquidity for the length of a trade: opens a narrow range at the current tick and closes it again.
contract JitMaker {
    error NotThePool(address caller, address expected);

    struct Position {
        int24 tickLower;
        int24 tickUpper;
        uint128 liquidity;
    }

    mapping(address pool => Position) public positions;
    address private transient activePool;

    /// Mints `liquidity` over `halfWidth` tick spacings on both sides of the current tick.
    function open(address pool, int24 halfWidth, uint128 liquidity) external {
        (, int24 tick,,,,,) = IV3Pool(pool).slot0();
        int24 spacing = IV3Pool(pool).tickSpacing();
        int24 base = tick / spacing;
        if (tick < 0 && tick % spacing != 0) base--;
        Position memory position = Position((base - halfWidth) * spacing, (base + 1 + halfWidth) * spacing, liquidity);
        positions[pool] = position;
        _mint(pool, position);
    }

    /// Mints `liquidity` over a range that is never closed.
    function provide(address pool, int24 tickLower, int24 tickUpper, uint128 liquidity) external {
        _mint(pool, Position(tickLower, tickUpper, liquidity));
    }

    /// Burns the open position and collects what it holds, fees included.
    function close(address pool) external {
        Position memory position = positions[pool];
        delete positions[pool];
        IV3Pool(pool).burn(position.tickLower, position.tickUpper, position.liquidity);
        IV3Pool(pool).collect(
            address(this), position.tickLower, position.tickUpper, type(uint128).max, type(uint128).max
        );
    }

    function uniswapV3MintCallback(uint256 amount0Owed, uint256 amount1Owed, bytes calldata) external {
        if (msg.sender != activePool) revert NotThePool(msg.sender, activePool);
        if (amount0Owed > 0) IERC20(IV3Pool(msg.sender).token0()).transfer(msg.sender, amount0Owed);
        if (amount1Owed > 0) IERC20(IV3Pool(msg.sender).token1()).transfer(msg.sender, amount1Owed);
    }

    function _mint(address pool, Position memory position) private {
        activePool = pool;
        IV3Pool(pool).mint(address(this), position.tickLower, position.tickUpper, position.liquidity, "");
        activePool = address(0);
    }
}
