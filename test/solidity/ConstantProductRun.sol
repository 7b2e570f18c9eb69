// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;

/// Runs sequences of swaps over a pool that is held as a list of numbers. A swap that reverts leaves the pool as it was.
abstract contract ConstantProductRun {
    struct Step {
        uint256 tokenIn;
        uint256 tokenOut;
        bool exactOut;
        uint256 amount;
    }

    struct Run {
        uint256[] pool;
        Step[] steps;
    }

    struct Outcome {
        bool done;
        uint256 amountIn;
        uint256 amountOut;
        uint256[] pool;
    }

    function swap(uint256[] memory pool, Step memory step)
        public
        view
        virtual
        returns (uint256 amountIn, uint256 amountOut, uint256[] memory poolAfter);

    function runMany(Run[] calldata runs) external view returns (Outcome[][] memory outcomes) {
        outcomes = new Outcome[][](runs.length);
        for (uint256 i = 0; i < runs.length; i++) {
            uint256[] memory pool = runs[i].pool;
            outcomes[i] = new Outcome[](runs[i].steps.length);
            for (uint256 j = 0; j < outcomes[i].length; j++) {
                try this.swap(pool, runs[i].steps[j]) returns (uint256 paid, uint256 got, uint256[] memory poolAfter) {
                    pool = poolAfter;
                    outcomes[i][j] = Outcome(true, paid, got, pool);
                } catch {
                    outcomes[i][j] = Outcome(false, 0, 0, pool);
                }
            }
        }
    }
}
