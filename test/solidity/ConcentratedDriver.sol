// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;

interface IPool {
    function initialize(uint160 price) external;
    function mint(address to, int24 lower, int24 upper, uint128 amount, bytes calldata data) external returns (uint256, uint256);
    function swap(address to, bool zeroForOne, int256 amount, uint160 limit, bytes calldata data) external returns (int256, int256);
    function liquidity() external view returns (uint128);
}

struct PoolKey {
    address currency0;
    address currency1;
    uint24 fee;
    int24 tickSpacing;
    address hooks;
}

struct SwapParams {
    bool zeroForOne;
    int256 amountSpecified;
    uint160 sqrtPriceLimitX96;
}

struct ModifyParams {
    int24 tickLower;
    int24 tickUpper;
    int256 liquidityDelta;
    bytes32 salt;
}

interface IManager {
    function initialize(PoolKey memory key, uint160 price) external returns (int24);
    function unlock(bytes calldata data) external returns (bytes memory);
    function modifyLiquidity(PoolKey memory key, ModifyParams memory params, bytes calldata data) external returns (int256, int256);
    function swap(PoolKey memory key, SwapParams memory params, bytes calldata data) external returns (int256);
    function sync(address currency) external;
    function settle() external payable returns (uint256);
    function take(address currency, address to, uint256 amount) external;
    function extsload(bytes32 slot) external view returns (bytes32);
}

/// A token of which everybody has as much as is asked for.
contract EndlessToken {
    mapping(address => uint256) public balanceOf;

    function mint(address to, uint256 amount) external {
        balanceOf[to] += amount;
    }

    function transfer(address to, uint256 amount) external returns (bool) {
        balanceOf[msg.sender] -= amount;
        balanceOf[to] += amount;
        return true;
    }
}

/// Makes pools of real bytecode, gives them liquidity, and runs swaps on them, many in one call.
contract ConcentratedDriver {
    struct Step {
        bool zeroForOne;
        // Exact input when positive, exact output when negative.
        int256 amount;
        // 0: none.
        uint160 limit;
    }

    struct Result {
        bool done;
        // The pool's changes: positive = paid in.
        int256 amount0;
        int256 amount1;
        uint160 price;
        int24 tick;
        uint128 liquidity;
    }

    struct Range {
        int24 lower;
        int24 upper;
        uint128 liquidity;
    }

    struct Parameters {
        address factory;
        address token0;
        address token1;
        uint24 fee;
        int24 tickSpacing;
    }

    uint160 private constant MIN_LIMIT = 4295128740;
    uint160 private constant MAX_LIMIT = 1461446703485210103287273052203988822378723970341;

    Parameters public parameters;
    EndlessToken public token0;
    EndlessToken public token1;
    address public pool;
    IManager public manager;
    PoolKey private key;

    constructor() {
        EndlessToken a = new EndlessToken();
        EndlessToken b = new EndlessToken();
        (token0, token1) = address(a) < address(b) ? (a, b) : (b, a);
        token0.mint(address(this), 2 ** 250);
        token1.mint(address(this), 2 ** 250);
    }

    function deployPool(bytes memory code, uint24 fee, int24 spacing, uint160 price) external {
        parameters = Parameters(address(this), address(token0), address(token1), fee, spacing);
        address made;
        assembly {
            made := create(0, add(code, 0x20), mload(code))
        }
        require(made != address(0), "no pool");
        pool = made;
        IPool(made).initialize(price);
    }

    function openPool(IManager at, uint24 fee, int24 spacing, uint160 price) external {
        manager = at;
        key = PoolKey(address(token0), address(token1), fee, spacing, address(0));
        at.initialize(key, price);
    }

    function addRanges(Range[] calldata ranges) external {
        if (address(manager) != address(0)) {
            manager.unlock(abi.encode(true, ranges, new Step[](0)));
            return;
        }
        for (uint256 i; i < ranges.length; i++) {
            IPool(pool).mint(address(this), ranges[i].lower, ranges[i].upper, ranges[i].liquidity, "");
        }
    }

    function run(Step[] calldata steps) external returns (Result[] memory results) {
        if (address(manager) != address(0)) {
            return abi.decode(manager.unlock(abi.encode(false, new Range[](0), steps)), (Result[]));
        }
        results = new Result[](steps.length);
        for (uint256 i; i < steps.length; i++) {
            Step calldata s = steps[i];
            uint160 limit = s.limit != 0 ? s.limit : s.zeroForOne ? MIN_LIMIT : MAX_LIMIT;
            try IPool(pool).swap(address(this), s.zeroForOne, s.amount, limit, "") returns (int256 a0, int256 a1) {
                (uint160 price, int24 tick) = slot0();
                results[i] = Result(true, a0, a1, price, tick, IPool(pool).liquidity());
            } catch {}
        }
    }

    function slot0() private view returns (uint160 price, int24 tick) {
        (, bytes memory data) = pool.staticcall(abi.encodeWithSignature("slot0()"));
        assembly {
            price := mload(add(data, 0x20))
            tick := mload(add(data, 0x40))
        }
    }

    function unlockCallback(bytes calldata data) external returns (bytes memory) {
        (bool isLiquidity, Range[] memory ranges, Step[] memory steps) = abi.decode(data, (bool, Range[], Step[]));
        int256 owed0;
        int256 owed1;
        Result[] memory results = new Result[](steps.length);
        if (isLiquidity) {
            for (uint256 i; i < ranges.length; i++) {
                ModifyParams memory change =
                    ModifyParams(ranges[i].lower, ranges[i].upper, int256(uint256(ranges[i].liquidity)), bytes32(0));
                (int256 delta,) = manager.modifyLiquidity(key, change, "");
                owed0 += delta >> 128;
                owed1 += int128(delta);
            }
        }
        for (uint256 i; i < steps.length; i++) {
            Step memory s = steps[i];
            uint160 limit = s.limit != 0 ? s.limit : s.zeroForOne ? MIN_LIMIT : MAX_LIMIT;
            // The manager counts from the swapper's side.
            try manager.swap(key, SwapParams(s.zeroForOne, -s.amount, limit), "") returns (int256 delta) {
                owed0 += delta >> 128;
                owed1 += int128(delta);
                results[i] = stateOf(-(delta >> 128), -int256(int128(delta)));
            } catch {}
        }
        clear(address(token0), owed0);
        clear(address(token1), owed1);
        return abi.encode(results);
    }

    function stateOf(int256 a0, int256 a1) private view returns (Result memory) {
        bytes32 slot = keccak256(abi.encode(keccak256(abi.encode(key)), uint256(6)));
        uint256 packed = uint256(manager.extsload(slot));
        uint128 liquidity = uint128(uint256(manager.extsload(bytes32(uint256(slot) + 3))));
        return Result(true, a0, a1, uint160(packed), int24(uint24(packed >> 160)), liquidity);
    }

    function clear(address token, int256 owed) private {
        if (owed > 0) manager.take(token, address(this), uint256(owed));
        if (owed < 0) {
            manager.sync(token);
            EndlessToken(token).transfer(address(manager), uint256(-owed));
            manager.settle();
        }
    }

    function pay(uint256 a0, uint256 a1) private {
        if (a0 > 0) token0.transfer(msg.sender, a0);
        if (a1 > 0) token1.transfer(msg.sender, a1);
    }

    function uniswapV3MintCallback(uint256 a0, uint256 a1, bytes calldata) external {
        pay(a0, a1);
    }

    function pancakeV3MintCallback(uint256 a0, uint256 a1, bytes calldata) external {
        pay(a0, a1);
    }

    function uniswapV3SwapCallback(int256 a0, int256 a1, bytes calldata) external {
        pay(a0 > 0 ? uint256(a0) : 0, a1 > 0 ? uint256(a1) : 0);
    }

    function pancakeV3SwapCallback(int256 a0, int256 a1, bytes calldata) external {
        pay(a0 > 0 ? uint256(a0) : 0, a1 > 0 ? uint256(a1) : 0);
    }
}
