// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

/// Emits any log it is told to, such as a Swap topic over data of the wrong length.
contract JunkEmitter {
    error TooManyTopics(uint256 count);

    function emitLog(bytes32[] calldata topics, bytes calldata data) external {
        uint256 count = topics.length;
        if (count > 4) revert TooManyTopics(count);
        bytes memory body = data;
        bytes32[4] memory t;
        for (uint256 i = 0; i < count; i++) t[i] = topics[i];
        assembly ("memory-safe") {
            let start := add(body, 0x20)
            let size := mload(body)
            switch count
            case 0 { log0(start, size) }
            case 1 { log1(start, size, mload(t)) }
            case 2 { log2(start, size, mload(t), mload(add(t, 0x20))) }
            case 3 { log3(start, size, mload(t), mload(add(t, 0x20)), mload(add(t, 0x40))) }
            default { log4(start, size, mload(t), mload(add(t, 0x20)), mload(add(t, 0x40)), mload(add(t, 0x60))) }
        }
    }
}
