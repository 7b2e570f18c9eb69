// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;

library WideMath {
    /// a * b / d over 512 bits, rounded down.
    function mulDiv(uint256 a, uint256 b, uint256 d) internal pure returns (uint256 q) {
        require(d > 0, "division by zero");
        (uint256 high, uint256 low) = product(a, b);
        require(high < d, "too large");
        if (high == 0) return low / d;
        uint256 rest = mulmod(a, b, d);
        unchecked {
            if (rest > low) high -= 1;
            low -= rest;
            // What d and the product share in twos is taken out, then d has an inverse modulo 2^256.
            uint256 twos = d & (~d + 1);
            d /= twos;
            low = low / twos + high * (type(uint256).max / twos + 1);
            uint256 inverse = (3 * d) ^ 2;
            for (uint256 i; i < 6; i++) inverse *= 2 - d * inverse;
            q = low * inverse;
        }
    }

    function mulDivUp(uint256 a, uint256 b, uint256 d) internal pure returns (uint256 q) {
        q = mulDiv(a, b, d);
        if (mulmod(a, b, d) > 0) q += 1;
    }

    function product(uint256 a, uint256 b) private pure returns (uint256 high, uint256 low) {
        unchecked {
            low = a * b;
            uint256 full = mulmod(a, b, type(uint256).max);
            high = full - low - (full < low ? 1 : 0);
        }
    }

    /// Newton's iteration from above.
    function sqrt(uint256 y) internal pure returns (uint256 z) {
        unchecked {
            if (y < 4) return y == 0 ? 0 : 1;
            z = y;
            uint256 x = y / 2 + 1;
            while (x < z) (z, x) = (x, (y / x + x) / 2);
        }
    }

    function toInt(uint256 y) internal pure returns (int256) {
        require(y < 2 ** 255, "too large");
        return int256(y);
    }

    function toUint128(uint256 y) internal pure returns (uint128) {
        require(y <= type(uint128).max, "too large");
        return uint128(y);
    }

    function toUint160(uint256 y) internal pure returns (uint160) {
        require(y <= type(uint160).max, "too large");
        return uint160(y);
    }
}

library TickPrices {
    int24 internal constant MIN_TICK = -887272;
    int24 internal constant MAX_TICK = 887272;
    uint160 internal constant MIN_SQRT = 4295128739;
    uint160 internal constant MAX_SQRT = 1461446703485210103287273052203988822378723970342;

    /// sqrt(1.0001^tick) * 2^96: a product of the powers of two in the tick.
    function sqrtAt(int24 tick) internal pure returns (uint160) {
        require(tick >= MIN_TICK && tick <= MAX_TICK, "tick");
        uint256 left = uint256(uint24(tick < 0 ? -tick : tick));
        uint256[20] memory powers = [
            uint256(0xfffcb933bd6fad37aa2d162d1a594001),
            0xfff97272373d413259a46990580e213a,
            0xfff2e50f5f656932ef12357cf3c7fdcc,
            0xffe5caca7e10e4e61c3624eaa0941cd0,
            0xffcb9843d60f6159c9db58835c926644,
            0xff973b41fa98c081472e6896dfb254c0,
            0xff2ea16466c96a3843ec78b326b52861,
            0xfe5dee046a99a2a811c461f1969c3053,
            0xfcbe86c7900a88aedcffc83b479aa3a4,
            0xf987a7253ac413176f2b074cf7815e54,
            0xf3392b0822b70005940c7a398e4b70f3,
            0xe7159475a2c29b7443b29c7fa6e889d9,
            0xd097f3bdfd2022b8845ad8f792aa5825,
            0xa9f746462d870fdf8a65dc1f90e061e5,
            0x70d869a156d2a1b890bb3df62baf32f7,
            0x31be135f97d08fd981231505542fcfa6,
            0x9aa508b5b7a84e1c677de54f3e99bc9,
            0x5d6af8dedb81196699c329225ee604,
            0x2216e584f5fa1ea926041bedfe98,
            0x48a170391f7dc42444e8fa2
        ];
        uint256 ratio = 1 << 128;
        for (uint256 i; left > 0; i++) {
            if (left & 1 == 1) ratio = (ratio * powers[i]) >> 128;
            left >>= 1;
        }
        if (tick > 0) ratio = type(uint256).max / ratio;
        return uint160((ratio >> 32) + (ratio % (1 << 32) == 0 ? 0 : 1));
    }

    /// The greatest tick whose price is not above, by halving.
    function tickAt(uint160 price) internal pure returns (int24) {
        require(price >= MIN_SQRT && price < MAX_SQRT, "price");
        (int24 low, int24 high) = (MIN_TICK, MAX_TICK);
        while (high - low > 1) {
            int24 middle = low + (high - low) / 2;
            if (sqrtAt(middle) <= price) low = middle;
            else high = middle;
        }
        return low;
    }
}

/// One step of a swap: the public definition of SwapMath in KyberSwap Elastic.
library StepMath {
    using WideMath for uint256;

    uint256 internal constant FEE_UNITS = 100000;
    uint256 internal constant TWO_FEE_UNITS = 200000;
    uint256 internal constant Q96 = 2 ** 96;

    function step(uint256 l, uint160 p, uint160 target, uint256 fee, int256 specified, bool exactIn, bool token0)
        internal
        pure
        returns (int256 used, int256 returned, uint256 deltaL, uint160 next)
    {
        if (p == target) return (0, 0, 0, p);
        used = reach(l, p, target, fee, exactIn, token0);
        if ((exactIn && used > specified) || (!exactIn && used <= specified)) {
            used = specified;
        } else {
            next = target;
        }
        uint256 size = used >= 0 ? uint256(used) : uint256(-used);
        if (next == 0) {
            deltaL = estimate(size, l, p, fee, exactIn, token0);
            next = finalPrice(size, l, deltaL, p, exactIn, token0).toUint160();
        } else {
            deltaL = incremental(size, l, p, next, exactIn, token0);
        }
        returned = other(l, p, next, deltaL, exactIn, token0);
    }

    function reach(uint256 l, uint256 p, uint256 target, uint256 fee, bool exactIn, bool token0)
        private
        pure
        returns (int256)
    {
        uint256 d = p >= target ? p - target : target - p;
        if (exactIn && token0) {
            uint256 n = l.mulDiv(TWO_FEE_UNITS * d, TWO_FEE_UNITS * target - fee * p);
            return n.mulDiv(Q96, p).toInt();
        }
        if (exactIn) {
            uint256 n = l.mulDiv(TWO_FEE_UNITS * d, TWO_FEE_UNITS * p - fee * target);
            return n.mulDiv(p, Q96).toInt();
        }
        if (token0) {
            uint256 below = TWO_FEE_UNITS * p - fee * target;
            uint256 n = (l << 96).mulDiv(below - fee * p, below);
            return -(n.mulDiv(d, p) / target).toInt();
        }
        uint256 under = TWO_FEE_UNITS * target - fee * p;
        return -l.mulDiv(under - fee * target, under).mulDiv(d, Q96).toInt();
    }

    function estimate(uint256 size, uint256 l, uint160 p, uint256 fee, bool exactIn, bool token0)
        private
        pure
        returns (uint256)
    {
        if (exactIn && token0) return uint256(p).mulDiv(size * fee, TWO_FEE_UNITS << 96);
        if (exactIn) return Q96.mulDiv(size * fee, TWO_FEE_UNITS * uint256(p));
        uint256 b = (FEE_UNITS - fee) * l;
        uint256 c = fee * l * size;
        if (token0) {
            b -= (FEE_UNITS * size).mulDiv(p, Q96);
            c = c.mulDiv(p, Q96);
        } else {
            b -= (FEE_UNITS * size).mulDiv(Q96, p);
            c = c.mulDiv(Q96, p);
        }
        return (b - (b * b - fee * c).sqrt()) / fee;
    }

    function incremental(uint256 size, uint256 l, uint160 p, uint160 next, bool exactIn, bool token0)
        private
        pure
        returns (uint256)
    {
        uint256 held = token0 ? l.mulDiv(Q96, p) : l.mulDiv(p, Q96);
        held = exactIn ? held + size : held - size;
        uint256 grown = token0 ? uint256(next).mulDiv(held, Q96) : held.mulDiv(Q96, next);
        return grown > l ? grown - l : 0;
    }

    function finalPrice(uint256 size, uint256 l, uint256 deltaL, uint160 p, bool exactIn, bool token0)
        private
        pure
        returns (uint256)
    {
        if (token0) {
            uint256 moved = size.mulDiv(p, Q96);
            if (exactIn) return (l + deltaL).mulDivUp(p, l + moved);
            return (l + deltaL).mulDiv(p, l - moved);
        }
        uint256 gone = size.mulDiv(Q96, p);
        if (exactIn) return (l + gone).mulDiv(p, l + deltaL);
        return (l - gone).mulDivUp(p, l + deltaL);
    }

    function other(uint256 l, uint160 p, uint160 next, uint256 deltaL, bool exactIn, bool token0)
        private
        pure
        returns (int256 r)
    {
        if (!token0) {
            r = (l + deltaL).mulDivUp(Q96, next).toInt() - l.mulDiv(Q96, p).toInt();
        } else if (exactIn) {
            r = deltaL.mulDivUp(next, Q96).toInt() - l.mulDiv(p - next, Q96).toInt();
        } else {
            r = deltaL.mulDivUp(next, Q96).toInt() + l.mulDivUp(next - p, Q96).toInt();
        }
        if (exactIn && r == 1) r = 0;
    }
}

/// Our own rendering of the public definition of a pool of KyberSwap Elastic (ks-elastic-sc: Pool, PoolStorage,
/// PoolTicksState, SwapMath, ReinvestmentMath, Linkedlist), without tokens, positions' fees and the oracle.
contract KyberElasticReference {
    using WideMath for uint256;

    struct Step {
        bool token0;
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
        uint128 baseL;
        uint128 reinvestL;
    }

    struct Range {
        int24 lower;
        int24 upper;
        // Added when positive, removed when negative.
        int128 liquidity;
    }

    struct Node {
        int24 previous;
        int24 next;
    }

    struct Tick {
        uint128 gross;
        int128 net;
    }

    /// What a swap carries from step to step.
    struct Run {
        int256 specified;
        int256 returned;
        uint160 price;
        int24 tick;
        int24 nextTick;
        uint160 nextPrice;
        uint128 baseL;
        uint128 reinvestL;
        uint160 start;
        bool up;
        bool exactIn;
    }

    int24 private constant STEP_TICKS = 480;

    uint256 public fee;
    uint160 public price;
    int24 public tick;
    int24 public nearest;
    uint128 public baseL;
    uint128 public reinvestL;
    uint128 public reinvestLLast;
    uint256 public supply;
    mapping(int24 => Node) public nodes;
    mapping(int24 => Tick) public ticks;

    function open(uint256 feeUnits, uint160 first, uint128 locked) external {
        (fee, price, tick) = (feeUnits, first, TickPrices.tickAt(first));
        (nearest, baseL) = (TickPrices.MIN_TICK, 0);
        (reinvestL, reinvestLLast, supply) = (locked, locked, locked);
        (int24 low, int24 high) = (TickPrices.MIN_TICK, TickPrices.MAX_TICK);
        nodes[low] = Node(low, high);
        nodes[high] = Node(low, high);
    }

    function change(Range[] calldata ranges) external {
        for (uint256 i; i < ranges.length; i++) {
            Range calldata r = ranges[i];
            sync();
            touch(r.lower, r.liquidity, r.liquidity);
            touch(r.upper, r.liquidity, -r.liquidity);
            if (r.lower <= tick && tick < r.upper) baseL = apply128(baseL, r.liquidity);
        }
    }

    function touch(int24 at, int128 gross, int128 net) private {
        Tick storage t = ticks[at];
        bool was = t.gross > 0;
        t.gross = apply128(t.gross, gross);
        t.net += net;
        if (was == (t.gross > 0) || at == TickPrices.MIN_TICK || at == TickPrices.MAX_TICK) return;
        if (was) {
            Node memory gone = nodes[at];
            nodes[gone.previous].next = gone.next;
            nodes[gone.next].previous = gone.previous;
            delete nodes[at];
            if (nearest == at) nearest = gone.previous;
            return;
        }
        int24 before = nearest;
        while (before > at) before = nodes[before].previous;
        while (nodes[before].next < at) before = nodes[before].next;
        int24 behind = nodes[before].next;
        nodes[at] = Node(before, behind);
        nodes[before].next = at;
        nodes[behind].previous = at;
        if (nearest < at && at <= tick) nearest = at;
    }

    function apply128(uint128 l, int128 delta) private pure returns (uint128) {
        return delta >= 0 ? l + uint128(delta) : l - uint128(-delta);
    }

    /// Mints the shares of what was reinvested since the last time.
    function sync() private {
        supply += shares(baseL, reinvestL, reinvestLLast, supply);
        reinvestLLast = reinvestL;
    }

    function shares(uint256 base, uint256 now_, uint256 last, uint256 total) private pure returns (uint256) {
        return total.mulDiv(base.mulDiv(now_ - last, base + now_), last);
    }

    function burnShares(uint256 qty) public returns (uint256 qty0, uint256 qty1) {
        sync();
        uint256 deltaL = qty.mulDiv(reinvestL, supply);
        reinvestL -= deltaL.toUint128();
        reinvestLLast = reinvestL;
        supply -= qty;
        qty0 = deltaL.mulDiv(2 ** 96, price);
        qty1 = deltaL.mulDiv(price, 2 ** 96);
    }

    function run(Step[] calldata steps) external returns (Result[] memory results) {
        results = new Result[](steps.length);
        for (uint256 i; i < steps.length; i++) {
            try this.swap(steps[i]) returns (int256 a0, int256 a1) {
                results[i] = Result(true, a0, a1, price, tick, baseL, reinvestL);
            } catch {}
        }
    }

    function swap(Step calldata s) external returns (int256 amount0, int256 amount1) {
        require(s.amount != 0, "nothing");
        Run memory r;
        r.specified = s.amount;
        r.exactIn = s.amount > 0;
        r.up = r.exactIn != s.token0;
        (r.baseL, r.reinvestL, r.price, r.tick) = (baseL, reinvestL, price, tick);
        r.nextTick = r.up ? nodes[nearest].next : nearest;
        uint160 limit = s.limit != 0 ? s.limit : r.up ? TickPrices.MAX_SQRT - 1 : TickPrices.MIN_SQRT + 1;
        if (r.up) require(limit > r.price && limit < TickPrices.MAX_SQRT, "limit");
        else require(limit < r.price && limit > TickPrices.MIN_SQRT, "limit");
        uint256 last = reinvestLLast;
        uint256 total = supply;
        while (r.specified != 0 && r.price != limit) {
            int24 stop = r.nextTick;
            if (r.up && stop > STEP_TICKS + r.tick) stop = r.tick + STEP_TICKS;
            else if (!r.up && stop < r.tick - STEP_TICKS) stop = r.tick - STEP_TICKS;
            r.start = r.price;
            r.nextPrice = TickPrices.sqrtAt(stop);
            advance(r, r.up == (r.nextPrice > limit) ? limit : r.nextPrice, s.token0);
            if (r.price != r.nextPrice) {
                if (r.price != r.start) r.tick = TickPrices.tickAt(r.price);
                break;
            }
            r.tick = r.up ? stop : stop - 1;
            if (stop != r.nextTick) continue;
            total += shares(r.baseL, r.reinvestL, last, total);
            last = r.reinvestL;
            int128 net = ticks[stop].net;
            r.baseL = apply128(r.baseL, r.up ? net : -net);
            r.nextTick = r.up ? nodes[stop].next : nodes[stop].previous;
        }
        (reinvestLLast, supply) = (uint128(last), total);
        (baseL, reinvestL, price, tick) = (r.baseL, r.reinvestL, r.price, r.tick);
        nearest = r.nextTick > r.tick ? nodes[r.nextTick].previous : r.nextTick;
        (amount0, amount1) =
            s.token0 ? (s.amount - r.specified, r.returned) : (r.returned, s.amount - r.specified);
    }

    function advance(Run memory r, uint160 target, bool token0) private view {
        (int256 used, int256 returned, uint256 deltaL, uint160 next) =
            StepMath.step(r.baseL + r.reinvestL, r.price, target, fee, r.specified, r.exactIn, token0);
        r.specified -= used;
        r.returned += returned;
        r.reinvestL += deltaL.toUint128();
        r.price = next;
    }
}
