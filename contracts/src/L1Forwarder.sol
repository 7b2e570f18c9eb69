// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

/// Passes a call on, so that it comes from a contract: on L2 the sender is then this contract's alias.
contract L1Forwarder {
    error CallFailed(bytes returnData);

    function forward(address target, bytes calldata data) external payable returns (bytes memory) {
        (bool success, bytes memory returnData) = target.call{value: msg.value}(data);
        if (!success) revert CallFailed(returnData);
        return returnData;
    }
}
