// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;

import {TickPrices, WideMath} from "./KyberElasticReference.sol";

/// What the points of one liquidity give: the public definition of SwapMathX2Y, SwapMathY2X and their Desire twins.
library PointMath {
    using WideMath for uint256;

    uint256 internal constant Q96 = 2 ** 96;

    /// The state that a range begins with, and what a trade with it did.
    struct Walk {
        int24 point;
        uint160 price;
        uint128 l;
        uint128 lx;
        uint256 paid;
        uint256 got;
        bool finished;
    }

    function rate() internal pure returns (uint160) {
        return TickPrices.sqrtAt(1);
    }

    function amountY(uint256 l, uint160 low, uint160 high, bool up) internal pure returns (uint256) {
        return up ? l.mulDivUp(high - low, rate() - Q96) : l.mulDiv(high - low, rate() - Q96);
    }

    function amountX(uint256 l, int24 left, int24 right, uint160 high, bool up) internal pure returns (uint256) {
        uint256 width = TickPrices.sqrtAt(right - left) - Q96;
        uint256 step = high - uint256(high).mulDiv(Q96, rate());
        return up ? l.mulDivUp(width, step) : l.mulDiv(width, step);
    }

    function nextPrice(uint160 price) private pure returns (uint160) {
        return price + uint160(uint256(price).mulDiv(rate() - Q96, Q96));
    }

    /// Limit orders that sell Y.
    function ordersDown(uint256 size, uint160 p, uint256 selling, bool exactIn)
        internal
        pure
        returns (uint256 paid, uint256 got)
    {
        got = exactIn ? size.mulDiv(p, Q96).mulDiv(p, Q96).toUint128() : size;
        if (got > selling) got = selling;
        paid = got.mulDivUp(Q96, p).mulDivUp(Q96, p);
        if (!exactIn) paid.toUint128();
    }

    /// Limit orders that sell X.
    function ordersUp(uint256 size, uint160 p, uint256 selling, bool exactIn)
        internal
        pure
        returns (uint256 paid, uint256 got)
    {
        got = exactIn ? size.mulDiv(Q96, p).mulDiv(Q96, p) : size;
        if (got > selling) got = selling;
        paid = got.mulDivUp(p, Q96).mulDivUp(p, Q96);
        if (!exactIn) paid.toUint128();
    }

    function pointDown(uint256 size, uint160 p, uint128 l, uint128 lx, bool exactIn)
        private
        pure
        returns (uint256 paid, uint256 got, uint128 after_)
    {
        uint256 turned = exactIn ? size.mulDiv(p, Q96) : size.mulDivUp(Q96, p);
        if (turned > l - lx) turned = l - lx;
        paid = turned.mulDivUp(Q96, p);
        got = turned.mulDiv(p, Q96);
        if (!exactIn) got.toUint128();
        after_ = lx + uint128(turned);
    }

    function pointUp(uint256 size, uint160 p, uint128 lx, bool exactIn)
        private
        pure
        returns (uint256 paid, uint256 got, uint128 after_)
    {
        uint256 turned = exactIn ? size.mulDiv(Q96, p) : size.mulDivUp(p, Q96);
        if (turned > lx) turned = lx;
        paid = turned.mulDivUp(p, Q96);
        got = turned.mulDiv(Q96, p);
        if (!exactIn) got.toUint128();
        after_ = lx - uint128(turned);
    }

    function rangeDown(Walk memory w, int24 left, uint256 size, bool exactIn) internal pure {
        (w.paid, w.got, w.finished) = (0, 0, false);
        (int24 right, uint160 high) = (w.point, w.price);
        if (w.lx < w.l && (w.lx != 0 || left == w.point)) {
            (w.paid, w.got, w.lx) = pointDown(size, w.price, w.l, w.lx, exactIn);
            if (w.lx < w.l || (exactIn ? w.paid : w.got) >= size) {
                w.finished = true;
                return;
            }
            size -= exactIn ? w.paid : w.got;
        } else if (w.lx < w.l) {
            (right, high) = (w.point + 1, nextPrice(w.price));
        }
        if (left >= right) return;
        uint160 low = TickPrices.sqrtAt(left);
        uint256 all = exactIn ? maxX(w.l, left, right, high) : amountY(w.l, low, high, false);
        if (all <= size) {
            w.paid += exactIn ? all : amountX(w.l, left, right, high, true);
            w.got += exactIn ? amountY(w.l, low, high, false) : all;
            (w.point, w.price, w.lx, w.finished) = (left, low, w.l, all == size);
            return;
        }
        int24 at = exactIn
            ? right - TickPrices.tickAt((size.mulDiv(high - lastUp(high), w.l) + Q96).toUint160())
            : TickPrices.tickAt(high - size.mulDiv(rate() - Q96, w.l).toUint160()) + 1;
        if (at > right) at = right;
        if (at < left + 1) at = left + 1;
        w.price = TickPrices.sqrtAt(at - 1);
        w.point = at - 1;
        if (at != right) {
            uint256 paid = maxX(w.l, at, right, high);
            if (exactIn && paid > size) paid = size;
            uint256 step = exactIn
                ? uint256(w.price).mulDiv(rate() - Q96, Q96)
                : uint256(w.price).mulDivUp(rate() - Q96, Q96);
            uint256 got = amountY(w.l, w.price + uint160(step), high, false);
            size -= exactIn ? paid : got;
            w.paid += paid;
            w.got += got;
        }
        (uint256 p, uint256 g, uint128 lx) = pointDown(size, w.price, w.l, 0, exactIn);
        (w.paid, w.got, w.lx, w.finished) = (w.paid + p, w.got + g, lx, true);
    }

    function lastUp(uint160 high) private pure returns (uint256) {
        return uint256(high).mulDivUp(Q96, rate());
    }

    function maxX(uint256 l, int24 left, int24 right, uint160 high) private pure returns (uint256) {
        return l.mulDivUp(TickPrices.sqrtAt(right - left) - Q96, high - lastUp(high));
    }

    /// Where all is used up the liquidity at the next point is for the caller to tell.
    function rangeUp(Walk memory w, int24 right, uint256 size, bool exactIn) internal pure {
        (w.paid, w.got, w.finished) = (0, 0, false);
        if (w.lx < w.l) {
            (w.paid, w.got, w.lx) = pointUp(size, w.price, w.lx, exactIn);
            if (w.lx > 0 || (exactIn ? w.paid : w.got) >= size) {
                w.finished = true;
                return;
            }
            size -= exactIn ? w.paid : w.got;
            w.point += 1;
            if (w.point == right) {
                w.price = TickPrices.sqrtAt(right);
                return;
            }
            w.price = nextPrice(w.price);
        }
        (int24 left, uint160 low, uint160 high) = (w.point, w.price, TickPrices.sqrtAt(right));
        uint256 all = exactIn ? amountY(w.l, low, high, true) : amountX(w.l, left, right, high, false);
        if (all <= size) {
            w.paid += exactIn ? all : amountY(w.l, low, high, true);
            w.got += exactIn ? amountX(w.l, left, right, high, false) : all;
            (w.point, w.price, w.finished) = (right, high, all == size);
            return;
        }
        uint256 price = exactIn ? low + size.mulDiv(rate() - Q96, w.l) : leaving(w.l, left, right, high, size);
        int24 at = TickPrices.tickAt(price.toUint160());
        if (at < left) at = left;
        if (at > right - 1) at = right - 1;
        (w.point, w.price) = (at, TickPrices.sqrtAt(at));
        if (at != left) {
            uint256 paid = amountY(w.l, low, w.price, true);
            uint256 got = amountX(w.l, left, at, w.price, false);
            if (exactIn && paid > size) paid = size;
            if (!exactIn && got > size) got = size;
            size -= exactIn ? paid : got;
            w.paid += paid;
            w.got += got;
        }
        (uint256 p, uint256 g, uint128 lx) = pointUp(size, w.price, w.l, exactIn);
        (w.paid, w.got, w.lx, w.finished) = (w.paid + p, w.got + g, lx, true);
    }

    function leaving(uint256 l, int24 left, int24 right, uint160 high, uint256 size) private pure returns (uint256) {
        uint256 step = high - uint256(high).mulDiv(Q96, rate());
        return uint256(high).mulDiv(Q96, TickPrices.sqrtAt(right - left) - size.mulDiv(step, l));
    }
}

/// Our own rendering of the public definition of a pool of iZiSwap (iZiSwap-core: SwapX2YModule, SwapY2XModule,
/// LiquidityModule, LimitOrderModule, PointBitmap), without tokens, the accounts of owners and the oracle.
contract IziswapReference {
    using WideMath for uint256;

    struct Step {
        bool down;
        bool exactIn;
        uint128 size;
        int24 boundary;
    }

    struct Result {
        bool done;
        uint256 amountX;
        uint256 amountY;
        int24 point;
        uint128 l;
        uint128 lx;
        uint128 sellingX;
        uint128 sellingY;
    }

    struct Point {
        uint128 gross;
        int128 net;
        uint128 sellingX;
        uint128 sellingY;
    }

    struct Range {
        int24 left;
        int24 right;
        int128 liquidity;
    }

    struct Run {
        PointMath.Walk w;
        bool exactIn;
        uint256 size;
        uint256 paid;
        uint256 got;
    }

    int24 private constant LAST = 800000;

    int24 public delta;
    uint256 public fee;
    int24 public point;
    uint128 public l;
    uint128 public lx;
    mapping(int24 => Point) public points;
    mapping(int16 => uint256) public bitmap;

    function open(int24 pointDelta, uint256 feePips, int24 first) external {
        (delta, fee, point) = (pointDelta, feePips, first);
    }

    /// Sets the bit of a point when something is there.
    function mark(int24 at) private {
        Point storage p = points[at];
        (int16 word, uint256 bit) = place(at / delta);
        bool used = p.gross > 0 || p.sellingX > 0 || p.sellingY > 0;
        bitmap[word] = used ? bitmap[word] | bit : bitmap[word] & ~bit;
    }

    function place(int24 index) private pure returns (int16 word, uint256 bit) {
        return (int16(index >> 8), 1 << uint256(uint24(index) & 255));
    }

    /// Adds and removes liquidity; what is paid in, and paid out, of each token.
    function change(Range[] calldata ranges) external returns (uint256[2][] memory amounts) {
        amounts = new uint256[2][](ranges.length);
        for (uint256 i; i < ranges.length; i++) {
            Range calldata r = ranges[i];
            require(r.left < r.right && r.left % delta == 0 && r.right % delta == 0, "range");
            bool adds = r.liquidity > 0;
            uint128 size = uint128(adds ? r.liquidity : -r.liquidity);
            (uint256 x, uint256 y) = outside(r.left, r.right, size, adds);
            if (r.left <= point && point < r.right) {
                uint256 p = TickPrices.sqrtAt(point);
                if (adds) {
                    // At the current point only Y comes in.
                    y += uint256(size).mulDivUp(p, 2 ** 96);
                    l += size;
                } else {
                    // Y goes out first.
                    uint128 ly = size < l - lx ? size : l - lx;
                    y += uint256(ly).mulDiv(p, 2 ** 96);
                    x += uint256(size - ly).mulDiv(2 ** 96, p);
                    l -= size;
                    lx -= size - ly;
                }
            }
            touch(r.left, size, adds, r.liquidity);
            touch(r.right, size, adds, -r.liquidity);
            amounts[i] = [x, y];
        }
    }

    function outside(int24 left, int24 right, uint128 size, bool up) private view returns (uint256 x, uint256 y) {
        if (left < point) {
            int24 end = right < point ? right : point;
            y = PointMath.amountY(size, TickPrices.sqrtAt(left), TickPrices.sqrtAt(end), up);
        }
        int24 start = left > point ? left : point + 1;
        if (right > start) x = PointMath.amountX(size, start, right, TickPrices.sqrtAt(right), up);
    }

    function touch(int24 at, uint128 gross, bool adds, int128 net) private {
        points[at].gross = adds ? points[at].gross + gross : points[at].gross - gross;
        points[at].net += net;
        mark(at);
    }

    /// Adds a limit order: what is left to sell, and what orders of the other side gave for the rest.
    function addOrder(int24 at, uint128 size, bool sellX) external returns (uint128 added, uint128 acquired) {
        require(at % delta == 0 && (sellX ? at >= point : at <= point), "point");
        Point storage p = points[at];
        uint160 price = TickPrices.sqrtAt(at);
        (uint256 paid, uint256 got) = sellX
            ? PointMath.ordersDown(size, price, p.sellingY, true)
            : PointMath.ordersUp(size, price, p.sellingX, true);
        (added, acquired) = (size - paid.toUint128(), uint128(got));
        if (sellX) (p.sellingY, p.sellingX) = (p.sellingY - acquired, p.sellingX + added);
        else (p.sellingX, p.sellingY) = (p.sellingX - acquired, p.sellingY + added);
        mark(at);
    }

    function decreaseOrder(int24 at, uint128 size, bool sellX) external {
        if (sellX) points[at].sellingX -= size;
        else points[at].sellingY -= size;
        mark(at);
    }

    function run(Step[] calldata steps) external returns (Result[] memory results) {
        results = new Result[](steps.length);
        for (uint256 i; i < steps.length; i++) {
            try this.swap(steps[i]) returns (uint256 x, uint256 y) {
                Point storage p = points[point];
                results[i] = Result(true, x, y, point, l, lx, p.sellingX, p.sellingY);
            } catch {}
        }
    }

    function swap(Step calldata s) external returns (uint256 amountX, uint256 amountY) {
        require(s.size > 0, "nothing");
        Run memory r;
        (r.exactIn, r.size) = (s.exactIn, s.size);
        (r.w.point, r.w.price, r.w.l, r.w.lx) = (point, TickPrices.sqrtAt(point), l, lx);
        int24 last = (LAST / delta) * delta;
        if (s.down) {
            int24 low = s.boundary < -last ? -last : s.boundary;
            require(low <= point, "boundary");
            down(r, low);
            (amountX, amountY) = (r.paid, r.got);
        } else {
            int24 high = s.boundary > last ? last : s.boundary;
            require(high > point, "boundary");
            up(r, high);
            (amountX, amountY) = (r.got, r.paid);
        }
        require(r.got == 0 || r.paid > 0, "not paid");
        (point, l, lx) = (r.w.point, r.w.l, r.w.lx);
        require(lx <= l && r.w.price == TickPrices.sqrtAt(point), "state");
    }

    function down(Run memory r, int24 low) private {
        PointMath.Walk memory w = r.w;
        while (low <= w.point && !w.finished) {
            orders(r, true);
            if (w.finished) return;
            int24 start = w.point - 1;
            if (points[w.point].gross > 0) {
                uint256 size = sizeOf(r);
                if (size == 0) {
                    w.finished = true;
                    return;
                }
                if (w.l > 0) {
                    PointMath.rangeDown(w, w.point, size, r.exactIn);
                    charge(r, w.paid, w.got, size);
                }
                if (w.finished) return;
                w.l = cross(w.l, -points[w.point].net);
                w.point -= 1;
                (w.price, w.lx) = (TickPrices.sqrtAt(w.point), 0);
            }
            if (w.point < low) return;
            int24 next = nextLeft(start);
            if (next < low) next = low;
            if (w.l == 0) {
                (w.point, w.price) = (next, TickPrices.sqrtAt(next));
            } else {
                uint256 size = sizeOf(r);
                if (size == 0) {
                    w.finished = true;
                    return;
                }
                PointMath.rangeDown(w, next, size, r.exactIn);
                charge(r, w.paid, w.got, size);
            }
            if (w.point <= low) return;
        }
    }

    function up(Run memory r, int24 high) private {
        PointMath.Walk memory w = r.w;
        while (w.point < high && !w.finished) {
            orders(r, false);
            if (w.finished) return;
            int24 next = nextRight(w.point);
            if (next > high) next = high;
            if (w.l == 0) {
                (w.point, w.price) = (next, TickPrices.sqrtAt(next));
            } else {
                uint256 size = sizeOf(r);
                if (size == 0) return;
                PointMath.rangeUp(w, next, size, r.exactIn);
                charge(r, w.paid, w.got, size);
                if (w.point != next) return;
            }
            if (points[next].gross > 0) w.l = cross(w.l, points[next].net);
            w.lx = w.l;
        }
    }

    function cross(uint128 liquidity, int128 net) private pure returns (uint128) {
        return net >= 0 ? liquidity + uint128(net) : liquidity - uint128(-net);
    }

    function sizeOf(Run memory r) private view returns (uint256) {
        return r.exactIn ? (r.size * (1e6 - fee)) / 1e6 : r.size;
    }

    function orders(Run memory r, bool isDown) private {
        Point storage p = points[r.w.point];
        if (p.sellingX == 0 && p.sellingY == 0) return;
        uint256 size = sizeOf(r);
        if (size == 0) {
            r.w.finished = true;
            return;
        }
        uint256 selling = isDown ? p.sellingY : p.sellingX;
        (uint256 paid, uint256 got) = isDown
            ? PointMath.ordersDown(size, r.w.price, selling, r.exactIn)
            : PointMath.ordersUp(size, r.w.price, selling, r.exactIn);
        r.w.finished = r.exactIn ? got < selling || paid >= size : got >= size;
        charge(r, paid, got, size);
        if (isDown) p.sellingY -= uint128(got);
        else p.sellingX -= uint128(got);
        mark(r.w.point);
    }

    function charge(Run memory r, uint256 paid, uint256 got, uint256 size) private view {
        uint256 cost = r.exactIn && paid >= size ? r.size : paid + paid.mulDivUp(fee, 1e6 - fee);
        r.paid += cost;
        r.got += got;
        if (r.exactIn) r.size -= cost;
        else r.size = got >= r.size ? 0 : r.size - got;
    }

    function nextLeft(int24 from) private view returns (int24) {
        int24 index = floorIndex(from);
        (int16 word,) = place(index);
        uint256 bits = bitmap[word];
        if (bits == 0) return (index & ~int24(255)) * delta;
        while (index & 255 != 0) {
            if ((bits >> uint256(uint24(index) & 255)) & 1 == 1) break;
            index -= 1;
        }
        return index * delta;
    }

    function nextRight(int24 from) private view returns (int24) {
        int24 index = floorIndex(from) + 1;
        (int16 word,) = place(index);
        uint256 bits = bitmap[word];
        if (bits == 0) return (index | 255) * delta;
        while (index & 255 != 255) {
            if ((bits >> uint256(uint24(index) & 255)) & 1 == 1) break;
            index += 1;
        }
        return index * delta;
    }

    function floorIndex(int24 at) private view returns (int24 index) {
        index = at / delta;
        if (at < 0 && at % delta != 0) index -= 1;
    }
}
