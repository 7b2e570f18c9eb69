// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;

interface IPair {
    function token0() external view returns (address);
    function token1() external view returns (address);
    function sync() external;
    function swap(uint256 amount0Out, uint256 amount1Out, address to, bytes calldata data) external;
    function getReserves() external view returns (uint112, uint112, uint32);
}

/// A token whose balances anyone can set.
contract ConstantProductToken {
    mapping(address => uint256) public balanceOf;

    function setBalance(address account, uint256 balance) external {
        balanceOf[account] = balance;
    }

    function transfer(address to, uint256 amount) external returns (bool) {
        balanceOf[msg.sender] -= amount;
        balanceOf[to] += amount;
        return true;
    }
}

/// Tries swaps on a real pair of Uniswap V2: first with `tooMuch`, which should revert, then with `amountOut`.
contract ConstantProductDriver {
    struct Attempt {
        bool fresh;
        uint112 reserve0;
        uint112 reserve1;
        bool zeroForOne;
        uint256 amountIn;
        uint256 amountOut;
        uint256 lessIn;
        uint256 tooMuch;
    }

    struct Outcome {
        string tooMuch;
        string done;
        uint112 reserve0;
        uint112 reserve1;
    }

    IPair private pair;
    ConstantProductToken private token0;
    ConstantProductToken private token1;

    constructor(IPair pair_) {
        pair = pair_;
        token0 = ConstantProductToken(pair_.token0());
        token1 = ConstantProductToken(pair_.token1());
    }

    /// Meant for eth_call: reserves are set where an attempt is fresh, and carried over where not.
    function attempt(Attempt[] calldata attempts) external returns (Outcome[] memory outcomes) {
        outcomes = new Outcome[](attempts.length);
        for (uint256 i = 0; i < attempts.length; i++) {
            Attempt calldata one = attempts[i];
            if (one.fresh) {
                token0.setBalance(address(pair), one.reserve0);
                token1.setBalance(address(pair), one.reserve1);
                pair.sync();
            }
            outcomes[i].tooMuch = _try(one.zeroForOne, one.lessIn, one.tooMuch);
            outcomes[i].done = one.amountOut == 0 ? "" : _try(one.zeroForOne, one.amountIn, one.amountOut);
            (outcomes[i].reserve0, outcomes[i].reserve1,) = pair.getReserves();
        }
    }

    function _try(bool zeroForOne, uint256 amountIn, uint256 amountOut) private returns (string memory) {
        (uint112 reserve0, uint112 reserve1,) = pair.getReserves();
        (ConstantProductToken paid, uint256 reserve) = zeroForOne ? (token0, reserve0) : (token1, reserve1);
        paid.setBalance(address(pair), reserve + amountIn);
        (uint256 out0, uint256 out1) = zeroForOne ? (uint256(0), amountOut) : (amountOut, uint256(0));
        try pair.swap(out0, out1, address(this), "") {
            return "done";
        } catch Error(string memory reason) {
            paid.setBalance(address(pair), reserve);
            return reason;
        }
    }
}
