// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Token} from "./Token.sol";

/// ERC-20 that burns 1 % of every transfer, so a recipient gets less than the amount sent.
contract FeeToken is Token {
    uint256 public constant FEE_BPS = 100;

    constructor(string memory name_, string memory symbol_, uint8 decimals_, address[] memory trustedSpenders)
        Token(name_, symbol_, decimals_, trustedSpenders)
    {}

    function _move(address from, address to, uint256 amount) internal override {
        uint256 fee = (amount * FEE_BPS) / 10_000;
        super._move(from, to, amount - fee);
        uint256 balance = balanceOf[from];
        if (balance < fee) revert InsufficientBalance(from, balance, fee);
        balanceOf[from] = balance - fee;
        totalSupply -= fee;
        emit Transfer(from, address(0), fee);
    }
}
