// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;

import {WideMath} from "./KyberElasticReference.sol";

uint256 constant ONE = 1e18;

/// What both versions of Maverick share: the prices at the edges of ticks, and amounts in tokens of fewer decimals.
library MaverickEdges {
    function tickPrice(uint256 spacing, int32 tick) internal pure returns (uint256) {
        uint256 at = uint256(uint32(tick < 0 ? -tick : tick)) * spacing;
        require(at <= 460540, "out of bounds");
        uint256 ratio = 1 << 128;
        if (at & 0x1 != 0) ratio = (ratio * uint256(0xfffcb933bd6fad9d3af5f0b9f25db4d6)) >> 128;
        if (at & 0x2 != 0) ratio = (ratio * uint256(0xfff97272373d41fd789c8cb37ffcaa1c)) >> 128;
        if (at & 0x4 != 0) ratio = (ratio * uint256(0xfff2e50f5f656ac9229c67059486f389)) >> 128;
        if (at & 0x8 != 0) ratio = (ratio * uint256(0xffe5caca7e10e81259b3cddc7a064941)) >> 128;
        if (at & 0x10 != 0) ratio = (ratio * uint256(0xffcb9843d60f67b19e8887e0bd251eb7)) >> 128;
        if (at & 0x20 != 0) ratio = (ratio * uint256(0xff973b41fa98cd2e57b660be99eb2c4a)) >> 128;
        if (at & 0x40 != 0) ratio = (ratio * uint256(0xff2ea16466c9838804e327cb417cafcb)) >> 128;
        if (at & 0x80 != 0) ratio = (ratio * uint256(0xfe5dee046a99d51e2cc356c2f617dbe0)) >> 128;
        if (at & 0x100 != 0) ratio = (ratio * uint256(0xfcbe86c7900aecf64236ab31f1f9dcb5)) >> 128;
        if (at & 0x200 != 0) ratio = (ratio * uint256(0xf987a7253ac4d9194200696907cf2e37)) >> 128;
        if (at & 0x400 != 0) ratio = (ratio * uint256(0xf3392b0822b88206f8abe8a3b44dd9be)) >> 128;
        if (at & 0x800 != 0) ratio = (ratio * uint256(0xe7159475a2c578ef4f1d17b2b235d480)) >> 128;
        if (at & 0x1000 != 0) ratio = (ratio * uint256(0xd097f3bdfd254ee83bdd3f248e7e785e)) >> 128;
        if (at & 0x2000 != 0) ratio = (ratio * uint256(0xa9f746462d8f7dd10e744d913d033333)) >> 128;
        if (at & 0x4000 != 0) ratio = (ratio * uint256(0x70d869a156ddd32a39e257bc3f50aa9b)) >> 128;
        if (at & 0x8000 != 0) ratio = (ratio * uint256(0x31be135f97da6e09a19dc367e3b6da40)) >> 128;
        if (at & 0x10000 != 0) ratio = (ratio * uint256(0x09aa508b5b7e5a9780b0cc4e25d61a56)) >> 128;
        if (at & 0x20000 != 0) ratio = (ratio * uint256(0x5d6af8dedbcb3a6ccb7ce618d14225)) >> 128;
        if (at & 0x40000 != 0) ratio = (ratio * uint256(0x2216e584f630389b2052b8db590e)) >> 128;
        if (tick > 0) ratio = type(uint256).max / ratio;
        return (ratio * ONE) >> 128;
    }

    function toToken(uint256 amount, uint256 scale, bool up) internal pure returns (uint256) {
        if (amount == 0 || scale == 1) return amount;
        return up ? (amount - 1) / scale + 1 : amount / scale;
    }

    function clip(uint256 x, uint256 y) internal pure returns (uint256) {
        return x < y ? 0 : x - y;
    }

    function min(uint256 x, uint256 y) internal pure returns (uint256) {
        return x < y ? x : y;
    }

    function max(uint256 x, uint256 y) internal pure returns (uint256) {
        return x > y ? x : y;
    }
}

/// One swap of a test, and what it gave.
struct MaverickStep {
    bool tokenAIn;
    bool exactOutput;
    uint256 amount;
    int32 tickLimit;
}

struct MaverickResult {
    bool done;
    uint256 amountIn;
    uint256 amountOut;
    int32 activeTick;
    bytes32 reserves;
}

/// PRBMath's unsigned numbers of 18 decimals, as the first version uses them.
library FixedPoint {
    /// To the nearest; halves up.
    function mul(uint256 x, uint256 y) internal pure returns (uint256 z) {
        z = WideMath.mulDiv(x, y, ONE);
        if (mulmod(x, y, ONE) > 499999999999999999) z += 1;
    }

    function div(uint256 x, uint256 y) internal pure returns (uint256) {
        return WideMath.mulDiv(x, ONE, y);
    }

    function inv(uint256 x) internal pure returns (uint256) {
        return div(ONE, x);
    }

    function mulDiv(uint256 x, uint256 y, uint256 k, bool up) internal pure returns (uint256) {
        uint256 divisor = k == 0 ? 1 : k;
        return up ? WideMath.mulDivUp(x, y, divisor) : WideMath.mulDiv(x, y, divisor);
    }

    /// A power of two that is not below the root, and seven steps of Newton's.
    function sqrt(uint256 x) internal pure returns (uint256) {
        require(x <= type(uint256).max / ONE, "too large");
        uint256 y = x * ONE;
        if (y == 0) return 0;
        uint256 rest = y;
        uint256 root = 1;
        for (uint256 bits = 128; bits >= 8; bits >>= 1) {
            if (rest >= uint256(1) << bits) {
                rest >>= bits;
                root <<= bits / 2;
            }
        }
        if (rest >= 0x10) {
            rest >>= 4;
            root <<= 2;
        }
        if (rest >= 0x8) root <<= 1;
        unchecked {
            for (uint256 i; i < 7; i++) root = (root + y / root) >> 1;
            uint256 other = y / root;
            return root >= other ? other : root;
        }
    }
}

/// Maverick V1: a pool whose bins are given, taken, moved and merged as the test wants it. Renders the swap of the public pool
/// contract, without a price limit: bitmap of bins by tick and kind, sums of the bins of a tick, and the share of each bin.
/// Its logs are those of the public interface.
contract MaverickV1Reference {
    using FixedPoint for uint256;

    struct Bin {
        uint128 reserveA;
        uint128 reserveB;
        uint8 kind;
        int32 lowerTick;
    }

    struct BinDelta {
        uint128 deltaA;
        uint128 deltaB;
        uint256 deltaLpBalance;
        uint128 binId;
        uint8 kind;
        int32 lowerTick;
        bool isActive;
    }

    struct Move {
        uint128 id;
        int32 to;
    }

    event Swap(
        address sender,
        address recipient,
        bool tokenAIn,
        bool exactOutput,
        uint256 amountIn,
        uint256 amountOut,
        int32 activeTick
    );
    event AddLiquidity(address indexed sender, uint256 indexed tokenId, BinDelta[] binDeltas);
    event RemoveLiquidity(
        address indexed sender, address indexed recipient, uint256 indexed tokenId, BinDelta[] binDeltas
    );
    event BinMerged(uint128 indexed binId, uint128 reserveA, uint128 reserveB, uint128 mergeId);
    event BinMoved(uint128 indexed binId, int128 previousTick, int128 newTick);
    event SetProtocolFeeRatio(uint256 protocolFee);

    struct Delta {
        uint256 inBin;
        uint256 inErc;
        uint256 outErc;
        uint256 excess;
        bool tokenAIn;
        bool exactOutput;
        bool decrementTick;
    }

    mapping(uint128 => Bin) private bins;
    mapping(uint128 => uint128) private mergedInto;
    mapping(int32 => mapping(uint256 => uint128)) private binPositions;
    mapping(int32 => uint256) private binMap;
    uint128 private binCounter;
    int32 public activeTick;
    uint256 private fee;
    uint256 private spacing;
    uint256 private protocolFeeRatio;
    uint256 private scaleA;
    uint256 private scaleB;

    function open(uint256 fee_, uint256 spacing_, uint256 ratio_, int32 tick_, uint256 scaleA_, uint256 scaleB_) external {
        (fee, spacing, protocolFeeRatio, activeTick, scaleA, scaleB) = (fee_, spacing_, ratio_, tick_, scaleA_, scaleB_);
    }

    function setProtocolFee(uint256 ratio_) external {
        protocolFeeRatio = ratio_;
        emit SetProtocolFeeRatio(ratio_);
    }

    /// Adds to the bin of a tick and kind, or makes it.
    function put(Bin[] calldata added) external {
        BinDelta[] memory deltas = new BinDelta[](added.length);
        for (uint256 i; i < added.length; i++) {
            Bin calldata given = added[i];
            uint128 id = binPositions[given.lowerTick][given.kind];
            if (id == 0) {
                id = ++binCounter;
                (bins[id].kind, bins[id].lowerTick) = (given.kind, given.lowerTick);
                setPosition(given.lowerTick, given.kind, id);
            }
            bins[id].reserveA += given.reserveA;
            bins[id].reserveB += given.reserveB;
            deltas[i] = BinDelta(given.reserveA, given.reserveB, 1, id, given.kind, given.lowerTick, true);
        }
        emit AddLiquidity(msg.sender, 1, deltas);
    }

    /// Takes one part of so many of what each bin holds, or the bin it was merged into; pays a unit less.
    function take(uint128[] calldata ids, uint128 parts) external {
        BinDelta[] memory deltas = new BinDelta[](ids.length);
        for (uint256 i; i < ids.length; i++) {
            uint128 id = ids[i];
            while (mergedInto[id] != 0) id = mergedInto[id];
            Bin storage bin = bins[id];
            (uint128 deltaA, uint128 deltaB) = (bin.reserveA / parts, bin.reserveB / parts);
            bin.reserveA -= deltaA;
            bin.reserveB -= deltaB;
            if (parts == 1) setPosition(bin.lowerTick, bin.kind, 0);
            if (deltaA > 0) deltaA--;
            if (deltaB > 0) deltaB--;
            deltas[i] = BinDelta(deltaA, deltaB, 1, ids[i], bin.kind, bin.lowerTick, parts != 1);
        }
        emit RemoveLiquidity(msg.sender, msg.sender, 1, deltas);
    }

    /// Moves bins; one that comes to a tick with a bin of its kind is merged into that.
    function move(Move[] calldata moves) public {
        for (uint256 i; i < moves.length; i++) {
            (uint128 id, int32 to) = (moves[i].id, moves[i].to);
            Bin storage bin = bins[id];
            setPosition(bin.lowerTick, bin.kind, 0);
            uint128 other = binPositions[to][bin.kind];
            if (other == 0) {
                emit BinMoved(id, bin.lowerTick, to);
                bin.lowerTick = to;
                setPosition(to, bin.kind, id);
                continue;
            }
            emit BinMerged(id, bin.reserveA, bin.reserveB, other);
            bins[other].reserveA += bin.reserveA;
            bins[other].reserveB += bin.reserveB;
            (bin.reserveA, bin.reserveB, mergedInto[id]) = (0, 0, other);
        }
    }

    function setPosition(int32 tick, uint8 kind, uint128 id) private {
        binPositions[tick][kind] = id;
        int32 bit = tick * 4 + int32(uint32(kind));
        uint256 mask = 1 << uint256(uint32(bit & 255));
        if (id == 0) binMap[bit >> 8] &= ~mask;
        else binMap[bit >> 8] |= mask;
    }

    function run(MaverickStep[] calldata steps) external returns (MaverickResult[] memory results) {
        results = new MaverickResult[](steps.length);
        for (uint256 i; i < steps.length; i++) {
            try this.swap(steps[i]) returns (uint256 amountIn, uint256 amountOut) {
                results[i] = MaverickResult(true, amountIn, amountOut, activeTick, digest());
            } catch {}
        }
    }

    function digest() public view returns (bytes32) {
        uint256[] memory all = new uint256[](2 * uint256(binCounter));
        for (uint128 id = 1; id <= binCounter; id++) {
            all[2 * uint256(id) - 2] = bins[id].reserveA;
            all[2 * uint256(id) - 1] = bins[id].reserveB;
        }
        return keccak256(abi.encodePacked(all));
    }

    function swap(MaverickStep calldata step) external returns (uint256 amountIn, uint256 amountOut) {
        (amountIn, amountOut) = swapBins(step);
        logSwap(step, amountIn, amountOut);
    }

    /// A swap that moves bins afterwards, which is told after its own log or before.
    function swapAndMove(MaverickStep calldata step, Move[] calldata moves, bool isToldBefore) external {
        (uint256 amountIn, uint256 amountOut) = swapBins(step);
        if (!isToldBefore) logSwap(step, amountIn, amountOut);
        move(moves);
        if (isToldBefore) logSwap(step, amountIn, amountOut);
    }

    function logSwap(MaverickStep calldata step, uint256 amountIn, uint256 amountOut) private {
        emit Swap(msg.sender, msg.sender, step.tokenAIn, step.exactOutput, amountIn, amountOut, activeTick);
    }

    function swapBins(MaverickStep calldata step) private returns (uint256 amountIn, uint256 amountOut) {
        (uint256 scaleIn, uint256 scaleOut) = step.tokenAIn ? (scaleA, scaleB) : (scaleB, scaleA);
        Delta memory delta;
        delta.tokenAIn = step.tokenAIn;
        delta.exactOutput = step.exactOutput;
        delta.excess = step.amount * (step.exactOutput ? scaleOut : scaleIn);
        require(delta.excess > 0, "nothing");
        while (delta.excess > 0) {
            Delta memory moved = swapTick(delta);
            delta.inBin += moved.inBin;
            delta.inErc += moved.inErc;
            delta.outErc += moved.outErc;
            delta.excess = moved.excess;
            delta.decrementTick = moved.decrementTick;
        }
        amountIn = MaverickEdges.toToken(delta.inErc, scaleIn, true);
        amountOut = MaverickEdges.toToken(delta.outErc, scaleOut, false);
    }

    function swapTick(Delta memory delta) private returns (Delta memory moved) {
        int32 tick = delta.decrementTick ? activeTick - 1 : activeTick;
        if (kindsAt(tick) == 0) tick = nextActive(tick, delta.tokenAIn);
        uint256 lower = MaverickEdges.tickPrice(spacing, tick);
        uint256 upper = MaverickEdges.tickPrice(spacing, tick + 1);
        activeTick = tick;
        (uint256 reserveA, uint256 reserveB, uint128[] memory ids) = sums(tick);
        (uint256 price, uint256 liquidity) = priceAndLiquidity(reserveA, reserveB, lower, upper);
        moved = delta.exactOutput
            ? swapExactOut(price, liquidity, delta.tokenAIn ? reserveB : reserveA, delta)
            : swapExactIn(delta.tokenAIn ? upper : lower, price, liquidity, delta.tokenAIn ? reserveB : reserveA, delta);
        for (uint256 i; i < ids.length; i++) {
            Bin storage bin = bins[ids[i]];
            (uint256 part, uint256 total) = reserveB > 0 ? (bin.reserveB, reserveB) : (bin.reserveA, reserveA);
            adjust(bin, moved, delta.tokenAIn, part, total);
        }
        if (moved.excess != 0) {
            if (delta.tokenAIn) activeTick += 1;
            moved.decrementTick = !delta.tokenAIn;
        }
    }

    function kindsAt(int32 tick) private view returns (uint256) {
        int32 bit = tick * 4;
        return (binMap[bit >> 8] >> uint256(uint32(bit & 255))) & 15;
    }

    function nextActive(int32 tick, bool isRight) private view returns (int32) {
        int32 bit = (isRight ? tick + 1 : tick) * 4;
        int32 index = bit >> 8;
        uint256 offset = uint256(uint32(bit & 255));
        for (uint256 i; i < 4000; i++) {
            uint256 word = binMap[index];
            if (i == 0) word = isRight ? (word >> offset) << offset : (offset == 0 ? 0 : (word << (256 - offset)) >> (256 - offset));
            if (word != 0) {
                uint256 position = isRight ? 0 : 255;
                while ((word >> position) & 1 == 0) isRight ? position++ : position--;
                return index * 64 + int32(uint32(position / 4));
            }
            index = isRight ? index + 1 : index - 1;
        }
        revert("no bins");
    }

    function sums(int32 tick) private view returns (uint256 reserveA, uint256 reserveB, uint128[] memory ids) {
        uint256 kinds = kindsAt(tick);
        uint256 count;
        for (uint256 kind; kind < 4; kind++) count += (kinds >> kind) & 1;
        ids = new uint128[](count);
        count = 0;
        for (uint256 kind; kind < 4; kind++) {
            if ((kinds >> kind) & 1 == 0) continue;
            uint128 id = binPositions[tick][kind];
            reserveA += bins[id].reserveA;
            reserveB += bins[id].reserveB;
            ids[count++] = id;
        }
    }

    function tickLiquidity(uint256 a, uint256 b, uint256 lower, uint256 upper) private pure returns (uint256) {
        uint256 bump;
        if (a >> 60 == 0 && b >> 60 == 0) {
            bump = 40;
            a <<= bump;
            b <<= bump;
        }
        uint256 linear = a.div(upper) + b.mul(lower);
        uint256 width = upper - lower;
        if (a == 0 || b == 0) return linear.mulDiv(upper, width, false) >> bump;
        linear >>= 1;
        uint256 square = linear.mul(linear) + b.mul(a).mulDiv(width, upper, false);
        return (linear + square.sqrt()).mulDiv(upper, width, false) >> bump;
    }

    function priceAndLiquidity(uint256 a, uint256 b, uint256 lower, uint256 upper)
        private
        pure
        returns (uint256 price, uint256 liquidity)
    {
        liquidity = tickLiquidity(a, b, lower, upper);
        if (a == 0) return (lower, liquidity);
        if (b == 0) return (upper, liquidity);
        price = (a + liquidity.mul(lower)).div(b + liquidity.div(upper)).sqrt();
    }

    function toBin(uint256 inErc, uint256 feeBasis) private view returns (uint256) {
        if (protocolFeeRatio == 0) return inErc;
        return MaverickEdges.clip(inErc, feeBasis.mul(protocolFeeRatio * 1e15) + 1);
    }

    function swapExactIn(uint256 edge, uint256 price, uint256 liquidity, uint256 available, Delta memory delta)
        private
        view
        returns (Delta memory moved)
    {
        uint256 amount = delta.excess;
        bool tokenAIn = delta.tokenAIn;
        uint256 binIn = tokenAIn ? liquidity.mul(edge - price) : liquidity.div(edge) - liquidity.div(price);
        uint256 feeBasis;
        if (amount.mul(ONE - fee) >= binIn) {
            feeBasis = binIn.mulDiv(fee, ONE - fee, true);
            moved.inErc = binIn + feeBasis;
            moved.outErc = available;
            moved.excess = MaverickEdges.clip(amount, moved.inErc);
        } else {
            binIn = amount.mul(ONE - fee);
            moved.inErc = amount;
            feeBasis = amount - binIn;
        }
        moved.inBin = toBin(moved.inErc, feeBasis);
        if (moved.excess != 0 || liquidity == 0) return moved;
        uint256 out = binIn.mulDiv(
            tokenAIn ? price.inv() : price, binIn.div(liquidity) + (tokenAIn ? price : price.inv()), false
        );
        moved.outErc = MaverickEdges.min(available, out);
    }

    function swapExactOut(uint256 price, uint256 liquidity, uint256 available, Delta memory delta)
        private
        view
        returns (Delta memory moved)
    {
        uint256 amount = delta.excess;
        bool tokenAIn = delta.tokenAIn;
        moved.outErc = MaverickEdges.min(amount, available);
        uint256 binIn = moved.outErc.mulDiv(
            tokenAIn ? price : price.inv(), (tokenAIn ? price.inv() : price) - moved.outErc.div(liquidity), true
        );
        uint256 feeBasis = binIn.mulDiv(fee, ONE - fee, true);
        moved.inErc = binIn + feeBasis;
        moved.inBin = toBin(moved.inErc, feeBasis);
        if (available <= amount) moved.excess = MaverickEdges.clip(amount, moved.outErc);
    }

    function adjust(Bin storage bin, Delta memory moved, bool tokenAIn, uint256 part, uint256 total) private {
        uint256 added = moved.inBin.mulDiv(part, total, false);
        uint256 removed = moved.excess == 0 ? moved.outErc.mulDiv(part, total, true) : 0;
        if (tokenAIn) {
            bin.reserveA = WideMath.toUint128(bin.reserveA + added);
            bin.reserveB = moved.excess > 0 ? 0 : uint128(MaverickEdges.clip(bin.reserveB, removed));
        } else {
            bin.reserveB = WideMath.toUint128(bin.reserveB + added);
            bin.reserveA = moved.excess > 0 ? 0 : uint128(MaverickEdges.clip(bin.reserveA, removed));
        }
    }
}

/// The arithmetic of the second version: the short names of solmate, whose products have to fit a word.
library ShortMath {
    function down(uint256 x, uint256 y, uint256 d) internal pure returns (uint256) {
        return x * y / d;
    }

    function up(uint256 x, uint256 y, uint256 d) internal pure returns (uint256) {
        uint256 z = x * y;
        return z == 0 ? 0 : (z - 1) / d + 1;
    }

    function invFloor(uint256 x) internal pure returns (uint256) {
        return 1e36 / x;
    }

    function invCeil(uint256 x) internal pure returns (uint256) {
        return (1e36 - 1) / x + 1;
    }

    /// A guess near the root, and seven steps of Newton's.
    function sqrt(uint256 x) internal pure returns (uint256 z) {
        if (x == 0) return 0;
        unchecked {
            uint256 y = x;
            z = 181;
            uint256 shift = 64;
            for (uint256 bits = 136; bits >= 24; shift >>= 1) {
                if (y >= uint256(1) << bits) {
                    y >>= 2 * shift;
                    z <<= shift;
                }
                bits = bits == 136 ? 72 : bits == 72 ? 40 : bits == 40 ? 24 : 0;
            }
            z = (z * (y + 65536)) >> 18;
            for (uint256 i; i < 7; i++) z = (z + x / z) >> 1;
            if (x / z < z) z -= 1;
        }
    }
}

/// Maverick V2: renders shares of bins, and the swap up to a tick, of the public pool contract; bins are not moved afterwards.
/// Its logs are those of the public interface.
contract MaverickV2Reference {
    using ShortMath for uint256;

    struct AddParams {
        uint8 kind;
        int32[] ticks;
        uint128[] amounts;
    }

    struct RemoveParams {
        uint32[] binIds;
        uint128[] amounts;
    }

    struct SwapParams {
        uint256 amount;
        bool tokenAIn;
        bool exactOutput;
        int32 tickLimit;
    }

    event PoolSwap(address sender, address recipient, SwapParams params, uint256 amountIn, uint256 amountOut);
    event PoolAddLiquidity(
        address sender,
        address recipient,
        uint256 subaccount,
        AddParams params,
        uint256 tokenAAmount,
        uint256 tokenBAmount,
        uint32[] binIds
    );
    event PoolRemoveLiquidity(
        address sender,
        address recipient,
        uint256 subaccount,
        RemoveParams params,
        uint256 tokenAOut,
        uint256 tokenBOut
    );
    event PoolSetVariableFee(uint256 newFeeAIn, uint256 newFeeBIn);
    event PoolSetProtocolFeeRatio(uint256 protocolFeeRatioD3);

    struct Tick {
        uint128 reserveA;
        uint128 reserveB;
        uint128 totalSupply;
        uint32[4] binIds;
    }

    struct Bin {
        uint128 tickBalance;
        uint128 totalSupply;
        uint8 kind;
        int32 tick;
    }

    struct Delta {
        uint256 inBin;
        uint256 inErc;
        uint256 outErc;
        uint256 excess;
        bool stopped;
    }

    mapping(int32 => Tick) private ticks;
    mapping(uint32 => Bin) private bins;
    uint32 public binCounter;
    int32 public activeTick;
    uint256 private feeA;
    uint256 private feeB;
    uint256 private spacing;
    uint256 private protocolFeeD3;
    uint256 private scaleA;
    uint256 private scaleB;

    function open(uint256[2] calldata fees, uint256 spacing_, uint256 protocol_, int32 tick_, uint256[2] calldata scales)
        external
    {
        (feeA, feeB) = (fees[0], fees[1]);
        (spacing, protocolFeeD3, activeTick) = (spacing_, protocol_, tick_);
        (scaleA, scaleB) = (scales[0], scales[1]);
    }

    function setFees(uint256[2] calldata fees) external {
        (feeA, feeB) = (fees[0], fees[1]);
        emit PoolSetVariableFee(feeA, feeB);
    }

    function setProtocolFee(uint256 protocol_) external {
        protocolFeeD3 = protocol_;
        emit PoolSetProtocolFeeRatio(protocol_);
    }

    /// Amounts that the tokens are rounded up to, and the numbers of the bins.
    function add(uint8 kind, int32[] calldata at, uint128[] calldata shares)
        external
        returns (uint256 amountA, uint256 amountB, uint32[] memory ids)
    {
        ids = new uint32[](at.length);
        for (uint256 i; i < at.length; i++) {
            Tick storage tick = ticks[at[i]];
            ids[i] = tick.binIds[kind];
            if (ids[i] == 0) {
                ids[i] = ++binCounter;
                bins[ids[i]] = Bin(0, 0, kind, at[i]);
                tick.binIds[kind] = ids[i];
            }
            (uint256 deltaA, uint256 deltaB) = addTo(bins[ids[i]], tick, shares[i], at[i]);
            require(deltaA > 0 || deltaB > 0, "nothing");
            amountA += deltaA;
            amountB += deltaB;
        }
        amountA = MaverickEdges.toToken(amountA, scaleA, true);
        amountB = MaverickEdges.toToken(amountB, scaleB, true);
        emit PoolAddLiquidity(msg.sender, msg.sender, 0, AddParams(kind, at, shares), amountA, amountB, ids);
    }

    function addTo(Bin storage bin, Tick storage tick, uint256 shares, int32 at)
        private
        returns (uint256 deltaA, uint256 deltaB)
    {
        uint256 balance = MaverickEdges.max(1, bin.tickBalance);
        if (tick.reserveA != 0 || tick.reserveB != 0) {
            uint256 numerator = balance * shares;
            uint256 denominator = MaverickEdges.max(1, tick.totalSupply) * MaverickEdges.max(1, bin.totalSupply);
            deltaA = WideMath.mulDivUp(tick.reserveA, numerator, denominator);
            deltaB = WideMath.mulDivUp(tick.reserveB, numerator, denominator);
        } else if (at < activeTick) {
            deltaA = WideMath.mulDivUp(shares, MaverickEdges.tickPrice(spacing, at), ONE);
        } else {
            deltaB = WideMath.mulDivUp(shares, ONE, MaverickEdges.tickPrice(spacing, at + 1));
        }
        uint256 added =
            tick.totalSupply == 0 ? shares : shares.down(balance, MaverickEdges.max(1, bin.totalSupply));
        uint256 supply = bin.totalSupply;
        if (supply == 0) {
            require(shares >= 1e8, "too few");
            supply = 1e8;
        }
        bin.totalSupply = WideMath.toUint128(supply + shares);
        bin.tickBalance = WideMath.toUint128(bin.tickBalance + added);
        tick.totalSupply = WideMath.toUint128(tick.totalSupply + added);
        tick.reserveA = WideMath.toUint128(tick.reserveA + deltaA);
        tick.reserveB = WideMath.toUint128(tick.reserveB + deltaB);
    }

    function remove(uint32[] calldata ids, uint128[] calldata shares) external returns (uint256 amountA, uint256 amountB) {
        for (uint256 i; i < ids.length; i++) {
            Bin storage bin = bins[ids[i]];
            Tick storage tick = ticks[bin.tick];
            uint256 removed = MaverickEdges.min(shares[i], bin.totalSupply);
            uint256 balance = MaverickEdges.min(removed.down(bin.tickBalance, bin.totalSupply), tick.totalSupply);
            (uint256 deltaA, uint256 deltaB) = (part(tick.reserveA, balance, tick), part(tick.reserveB, balance, tick));
            tick.reserveA = uint128(MaverickEdges.clip(tick.reserveA, deltaA));
            tick.reserveB = uint128(MaverickEdges.clip(tick.reserveB, deltaB));
            bin.tickBalance = uint128(MaverickEdges.clip(bin.tickBalance, balance));
            tick.totalSupply = uint128(MaverickEdges.clip(tick.totalSupply, balance));
            bin.totalSupply = uint128(MaverickEdges.clip(bin.totalSupply, removed));
            amountA += deltaA;
            amountB += deltaB;
        }
        amountA = MaverickEdges.toToken(amountA, scaleA, false);
        amountB = MaverickEdges.toToken(amountB, scaleB, false);
        emit PoolRemoveLiquidity(msg.sender, msg.sender, 0, RemoveParams(ids, shares), amountA, amountB);
    }

    function part(uint256 reserve, uint256 balance, Tick storage tick) private view returns (uint256) {
        if (tick.totalSupply == 0) return 0;
        return MaverickEdges.min(reserve, WideMath.mulDiv(reserve, balance, tick.totalSupply));
    }

    function holdings(int32[] calldata at) public view returns (bytes32) {
        uint256[] memory all = new uint256[](3 * at.length);
        for (uint256 i; i < at.length; i++) {
            Tick storage tick = ticks[at[i]];
            (all[3 * i], all[3 * i + 1], all[3 * i + 2]) = (tick.reserveA, tick.reserveB, tick.totalSupply);
        }
        return keccak256(abi.encodePacked(all));
    }

    function binOf(uint32 id) external view returns (Bin memory) {
        return bins[id];
    }

    function run(MaverickStep[] calldata steps, int32[] calldata at) external returns (MaverickResult[] memory results) {
        results = new MaverickResult[](steps.length);
        for (uint256 i; i < steps.length; i++) {
            try this.swap(steps[i]) returns (uint256 amountIn, uint256 amountOut) {
                results[i] = MaverickResult(true, amountIn, amountOut, activeTick, holdings(at));
            } catch {}
        }
    }

    function swap(MaverickStep calldata step) external returns (uint256 amountIn, uint256 amountOut) {
        (uint256 scaleIn, uint256 scaleOut) = step.tokenAIn ? (scaleA, scaleB) : (scaleB, scaleA);
        require(!isPast(step, activeTick), "beyond the limit");
        Delta memory delta;
        delta.excess = step.amount * (step.exactOutput ? scaleOut : scaleIn);
        require(delta.excess > 0, "nothing");
        while (delta.excess != 0) {
            Delta memory moved = swapTick(step, delta.excess);
            delta.inErc += moved.inErc;
            delta.outErc += moved.outErc;
            delta.excess = moved.excess;
            delta.stopped = moved.stopped;
        }
        amountIn = MaverickEdges.toToken(delta.inErc, scaleIn, step.exactOutput || delta.stopped);
        amountOut = MaverickEdges.toToken(delta.outErc, scaleOut, false);
        SwapParams memory params = SwapParams(step.amount, step.tokenAIn, step.exactOutput, step.tickLimit);
        emit PoolSwap(msg.sender, msg.sender, params, amountIn, amountOut);
    }

    function isPast(MaverickStep calldata step, int32 tick) private pure returns (bool) {
        return step.tokenAIn ? step.tickLimit < tick : step.tickLimit > tick;
    }

    function swapTick(MaverickStep calldata step, uint256 excess) private returns (Delta memory moved) {
        int32 direction = step.tokenAIn ? int32(1) : int32(-1);
        int32 at = activeTick;
        for (;; at += direction) {
            if (isPast(step, at)) {
                activeTick -= direction;
                moved.stopped = true;
                return moved;
            }
            if (ticks[at].reserveA != 0 || ticks[at].reserveB != 0) break;
        }
        activeTick = at;
        Tick storage tick = ticks[at];
        (uint256 price, uint256 liquidity) = priceAndLiquidity(
            tick.reserveA,
            tick.reserveB,
            MaverickEdges.tickPrice(spacing, at),
            MaverickEdges.tickPrice(spacing, at + 1)
        );
        uint256 available = step.tokenAIn ? tick.reserveB : tick.reserveA;
        moved = step.exactOutput
            ? swapExactOut(price, liquidity, available, excess, step.tokenAIn)
            : swapExactIn(price, liquidity, available, excess, step.tokenAIn);
        uint256 left = moved.excess > 0 ? 0 : MaverickEdges.clip(available, moved.outErc);
        if (step.tokenAIn) {
            tick.reserveA = WideMath.toUint128(tick.reserveA + moved.inBin);
            tick.reserveB = uint128(left);
        } else {
            tick.reserveB = WideMath.toUint128(tick.reserveB + moved.inBin);
            tick.reserveA = uint128(left);
        }
        if (moved.excess != 0) activeTick += direction;
    }

    function tickLiquidity(uint256 a, uint256 b, uint256 lower, uint256 upper) private pure returns (uint256) {
        uint256 bump;
        if (a >> 78 == 0 && b >> 78 == 0) {
            bump = 57;
            a <<= bump;
            b <<= bump;
        }
        uint256 linear = a.down(ONE, upper) + b.down(lower, ONE);
        uint256 width = upper - lower;
        if (a == 0 || b == 0) return linear.down(upper, width) >> bump;
        linear >>= 1;
        uint256 square =
            WideMath.mulDiv(linear, linear, ONE) + WideMath.mulDiv(WideMath.mulDiv(b, a, ONE), width, upper);
        return WideMath.mulDiv(linear + square.sqrt() * 1e9, upper, width) >> bump;
    }

    function priceAndLiquidity(uint256 a, uint256 b, uint256 lower, uint256 upper)
        private
        pure
        returns (uint256 price, uint256 liquidity)
    {
        liquidity = tickLiquidity(a, b, lower, upper);
        if (a == 0) return (lower, liquidity);
        if (b == 0) return (upper, liquidity);
        uint256 square = (a + liquidity.down(lower, ONE)).down(ONE, b + liquidity.down(ONE, upper));
        price = (ONE * square).sqrt();
        price = MaverickEdges.min(MaverickEdges.max(price, lower), upper);
    }

    function room(uint256 liquidity, uint256 out, uint256 price, bool tokenAIn) private pure returns (uint256) {
        uint256 outOverL = liquidity == 0 ? 0 : out.up(ONE, liquidity);
        return tokenAIn
            ? out.up(price, price.invFloor() - outOverL)
            : out.up(ONE, price.down(price - outOverL, ONE));
    }

    function toTick(uint256 inErc, uint256 feeBasis) private view returns (uint256) {
        return protocolFeeD3 == 0 ? inErc : MaverickEdges.clip(inErc, feeBasis.up(protocolFeeD3, 1000));
    }

    function swapExactIn(uint256 price, uint256 liquidity, uint256 available, uint256 amount, bool tokenAIn)
        private
        view
        returns (Delta memory moved)
    {
        uint256 fee = tokenAIn ? feeA : feeB;
        moved.outErc = available;
        uint256 binIn = room(liquidity, available, price, tokenAIn);
        uint256 userIn = amount.down(ONE - fee, ONE);
        uint256 feeBasis;
        if (userIn < binIn) {
            binIn = userIn;
            moved.inErc = amount;
            feeBasis = amount - userIn;
        } else {
            feeBasis = binIn.up(fee, ONE - fee);
            moved.inErc = binIn + feeBasis;
            moved.excess = MaverickEdges.clip(amount, moved.inErc);
        }
        moved.inBin = toTick(moved.inErc, feeBasis);
        if (moved.excess != 0) return moved;
        uint256 inOverL = binIn.up(ONE, liquidity + 1);
        uint256 out = binIn.down(
            tokenAIn ? price.invFloor() : price, inOverL + (tokenAIn ? price : price.invCeil())
        );
        moved.outErc = MaverickEdges.min(available, out);
    }

    function swapExactOut(uint256 price, uint256 liquidity, uint256 available, uint256 amount, bool tokenAIn)
        private
        view
        returns (Delta memory moved)
    {
        uint256 fee = tokenAIn ? feeA : feeB;
        moved.outErc = MaverickEdges.min(amount, available);
        uint256 binIn = room(liquidity, moved.outErc, price, tokenAIn);
        uint256 feeBasis = binIn.up(fee, ONE - fee);
        moved.inErc = binIn + feeBasis;
        moved.inBin = toTick(moved.inErc, feeBasis);
        if (available <= amount) moved.excess = MaverickEdges.clip(amount, moved.outErc);
    }
}
