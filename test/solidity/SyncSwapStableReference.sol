// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;

/// Our own rendering of the public definition of SyncSwap's stable pool (StableSwap of two coins, A = 1000).
contract SyncSwapStableReference {
    struct Case {
        uint256 reserveIn;
        uint256 reserveOut;
        uint256 multiplierIn;
        uint256 multiplierOut;
        uint256 fee;
        uint256 amountIn;
    }

    function outputs(Case[] calldata cases) external pure returns (uint256[] memory out) {
        out = new uint256[](cases.length);
        for (uint256 i; i < cases.length; i++) out[i] = output(cases[i]);
    }

    function output(Case calldata c) public pure returns (uint256 out) {
        unchecked {
            uint256 a = c.reserveIn * c.multiplierIn;
            uint256 b = c.reserveOut * c.multiplierOut;
            uint256 paid = c.amountIn - (c.amountIn * c.fee) / 1e5;
            uint256 inv = invariant(a, b);
            uint256 rest = solve(a + paid * c.multiplierIn, inv);
            out = (b - rest - 1) / c.multiplierOut;
        }
    }

    function near(uint256 a, uint256 b) private pure returns (bool) {
        return a > b ? a - b <= 1 : b - a <= 1;
    }

    function invariant(uint256 a, uint256 b) private pure returns (uint256 inv) {
        unchecked {
            inv = a + b;
            for (uint256 i; i < 256; i++) {
                uint256 last = inv;
                uint256 p = (((inv * inv) / a) * inv) / b / 4;
                inv = ((2000 * (a + b) + 2 * p) * inv) / (1999 * inv + 3 * p);
                if (near(inv, last)) break;
            }
        }
    }

    function solve(uint256 a, uint256 inv) private pure returns (uint256 rest) {
        unchecked {
            uint256 k = (inv * inv) / (a * 2);
            k = (k * inv) / 4000;
            uint256 m = a + inv / 2000;
            rest = inv;
            for (uint256 i; i < 256; i++) {
                uint256 last = rest;
                rest = (rest * rest + k) / (2 * rest + m - inv);
                if (near(rest, last)) break;
            }
        }
    }
}
