// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {TokenBase} from "./TokenBase.sol";

/// ERC-20 from before the standard settled: `name` and `symbol` return bytes32, as Maker's MKR does.
contract Bytes32Token is TokenBase {
    bytes32 public name;
    bytes32 public symbol;

    constructor(bytes32 name_, bytes32 symbol_, uint8 decimals_, address[] memory trustedSpenders)
        TokenBase(decimals_, trustedSpenders)
    {
        name = name_;
        symbol = symbol_;
    }
}
