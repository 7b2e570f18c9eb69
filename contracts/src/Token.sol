// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {TokenBase} from "./TokenBase.sol";

/// Plain ERC-20 with string metadata.
contract Token is TokenBase {
    string public name;
    string public symbol;

    constructor(string memory name_, string memory symbol_, uint8 decimals_, address[] memory trustedSpenders)
        TokenBase(decimals_, trustedSpenders)
    {
        name = name_;
        symbol = symbol_;
    }
}
