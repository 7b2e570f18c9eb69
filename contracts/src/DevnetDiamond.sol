// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

/// One sealed L2 batch as the operator commits it.
struct Batch {
    bytes32 batchHash;
    bytes32 commitment;
    uint64 firstBlock;
    uint64 lastBlock;
    uint64 priorityOperations;
}

/// A transaction that L1 hands to L2; its ABI encoding is what the canonical hash is taken of.
struct L2CanonicalTransaction {
    uint256 txType;
    uint256 from;
    uint256 to;
    uint256 gasLimit;
    uint256 gasPerPubdataByteLimit;
    uint256 maxFeePerGas;
    uint256 maxPriorityFeePerGas;
    uint256 paymaster;
    uint256 nonce;
    uint256 value;
    uint256[4] reserved;
    bytes data;
    bytes signature;
    uint256[] factoryDeps;
    bytes paymasterInput;
    bytes reservedDynamic;
}

/// The local chain's contract on L1: the events and getters of a ZK chain's diamond proxy without any proof.
/// The operator calls it directly, where a real chain goes through its ValidatorTimelock.
contract DevnetDiamond {
    error NotTheOperator(address caller);
    error WrongRange(uint256 from, uint256 to, uint256 reached, uint256 limit);
    error NoSuchPriorityOperation(uint256 processed, uint256 total);
    error ExecutedBatch(uint256 newLastBatch, uint256 executed);
    error TooLittleValue(uint256 given, uint256 needed);
    error GasLimitOutOfRange(uint256 given, uint256 least, uint256 most);

    event BlockCommit(uint256 indexed batchNumber, bytes32 indexed batchHash, bytes32 indexed commitment);
    event BlocksVerification(uint256 indexed previousLastVerifiedBatch, uint256 indexed currentLastVerifiedBatch);
    event BlockExecution(uint256 indexed batchNumber, bytes32 indexed batchHash, bytes32 indexed commitment);
    event BlocksRevert(uint256 totalBatchesCommitted, uint256 totalBatchesVerified, uint256 totalBatchesExecuted);
    event ReportCommittedBatchRangeZKsyncOS(
        uint64 indexed batchNumber, uint64 indexed firstBlockNumber, uint64 indexed lastBlockNumber
    );
    event NewPriorityRequest(
        uint256 txId,
        bytes32 txHash,
        uint64 expirationTimestamp,
        L2CanonicalTransaction transaction,
        bytes[] factoryDeps
    );
    event NewPriorityRequestId(uint256 indexed txId, bytes32 indexed txHash);

    /// Added to the address of a contract that sends to L2, so that it cannot pose as the L2 contract there.
    uint160 private constant ALIAS_OFFSET = uint160(0x1111000000000000000000000000000000001111);
    uint256 private constant MAX_L2_GAS = 72_000_000;
    uint256 private constant PRIORITY_EXPIRATION = 4 days;

    address private immutable OPERATOR;
    bool private immutable ZKSYNC_OS;
    uint256 private immutable L2_GAS_PRICE;

    uint256 public getTotalBatchesCommitted;
    uint256 public getTotalBatchesVerified;
    uint256 public getTotalBatchesExecuted;
    uint256 public getTotalPriorityTxs;
    uint256 public getFirstUnprocessedPriorityTx;
    mapping(uint256 batchNumber => Batch) private batches;

    modifier onlyOperator() {
        if (msg.sender != OPERATOR) revert NotTheOperator(msg.sender);
        _;
    }

    constructor(bool isZKsyncOS, uint256 l2GasPrice) {
        OPERATOR = msg.sender;
        ZKSYNC_OS = isZKsyncOS;
        L2_GAS_PRICE = l2GasPrice;
    }

    function getZKsyncOS() external view returns (bool) {
        return ZKSYNC_OS;
    }

    function getPriorityQueueSize() external view returns (uint256) {
        return getTotalPriorityTxs - getFirstUnprocessedPriorityTx;
    }

    /// Commits the batches `from` to `to`; `commitData` is the ABI encoding of `Batch[]`.
    function commitBatchesSharedBridge(address, uint256 from, uint256 to, bytes calldata commitData)
        external
        onlyOperator
    {
        Batch[] memory committed = abi.decode(commitData, (Batch[]));
        _checkRange(from, to, getTotalBatchesCommitted, from + committed.length - 1);
        for (uint256 number = from; number <= to; number++) {
            Batch memory batch = committed[number - from];
            batches[number] = batch;
            emit BlockCommit(number, batch.batchHash, batch.commitment);
            if (ZKSYNC_OS) emit ReportCommittedBatchRangeZKsyncOS(uint64(number), batch.firstBlock, batch.lastBlock);
        }
        getTotalBatchesCommitted = to;
    }

    /// Marks the batches `from` to `to` as proven.
    function proveBatchesSharedBridge(address, uint256 from, uint256 to, bytes calldata) external onlyOperator {
        _checkRange(from, to, getTotalBatchesVerified, getTotalBatchesCommitted);
        emit BlocksVerification(from - 1, to);
        getTotalBatchesVerified = to;
    }

    /// Executes the batches `from` to `to`, which also takes their operations off the priority queue.
    function executeBatchesSharedBridge(address, uint256 from, uint256 to, bytes calldata) external onlyOperator {
        _checkRange(from, to, getTotalBatchesExecuted, getTotalBatchesVerified);
        uint256 processed = getFirstUnprocessedPriorityTx;
        for (uint256 number = from; number <= to; number++) {
            Batch memory batch = batches[number];
            processed += batch.priorityOperations;
            emit BlockExecution(number, batch.batchHash, batch.commitment);
        }
        if (processed > getTotalPriorityTxs) revert NoSuchPriorityOperation(processed, getTotalPriorityTxs);
        getFirstUnprocessedPriorityTx = processed;
        getTotalBatchesExecuted = to;
    }

    /// Takes back every batch above `newLastBatch`; executed ones stay for good.
    function revertBatchesSharedBridge(address, uint256 newLastBatch) external onlyOperator {
        if (newLastBatch < getTotalBatchesExecuted) revert ExecutedBatch(newLastBatch, getTotalBatchesExecuted);
        if (newLastBatch >= getTotalBatchesCommitted) {
            revert WrongRange(newLastBatch, newLastBatch, getTotalBatchesCommitted, getTotalBatchesCommitted);
        }
        getTotalBatchesCommitted = newLastBatch;
        if (newLastBatch < getTotalBatchesVerified) getTotalBatchesVerified = newLastBatch;
        emit BlocksRevert(getTotalBatchesCommitted, getTotalBatchesVerified, getTotalBatchesExecuted);
    }

    /// Asks L2 to run a transaction. What is sent above the value pays for gas, the rest comes back on L2.
    function requestL2Transaction(
        address contractL2,
        uint256 l2Value,
        bytes calldata data,
        uint256 l2GasLimit,
        uint256 l2GasPerPubdataByteLimit,
        bytes[] calldata factoryDeps,
        address refundRecipient
    ) external payable returns (bytes32 canonicalTxHash) {
        uint256 leastGas = 21_000 + 16 * data.length;
        if (l2GasLimit < leastGas || l2GasLimit > MAX_L2_GAS) {
            revert GasLimitOutOfRange(l2GasLimit, leastGas, MAX_L2_GAS);
        }
        uint256 needed = l2Value + l2GasLimit * L2_GAS_PRICE;
        if (msg.value < needed) revert TooLittleValue(msg.value, needed);
        L2CanonicalTransaction memory transaction;
        transaction.txType = ZKSYNC_OS ? 127 : 255;
        transaction.from = uint160(_l2Sender());
        transaction.to = uint160(contractL2);
        transaction.gasLimit = l2GasLimit;
        transaction.gasPerPubdataByteLimit = l2GasPerPubdataByteLimit;
        transaction.maxFeePerGas = L2_GAS_PRICE;
        transaction.nonce = getTotalPriorityTxs;
        transaction.value = l2Value;
        transaction.reserved[0] = msg.value;
        transaction.reserved[1] = refundRecipient == address(0) ? transaction.from : uint160(refundRecipient);
        transaction.data = data;
        canonicalTxHash = _enqueue(transaction, factoryDeps);
    }

    function _enqueue(L2CanonicalTransaction memory transaction, bytes[] calldata factoryDeps)
        private
        returns (bytes32 canonicalTxHash)
    {
        canonicalTxHash = keccak256(abi.encode(transaction));
        uint64 expiration = uint64(block.timestamp + PRIORITY_EXPIRATION);
        emit NewPriorityRequest(transaction.nonce, canonicalTxHash, expiration, transaction, factoryDeps);
        emit NewPriorityRequestId(transaction.nonce, canonicalTxHash);
        getTotalPriorityTxs++;
    }

    function _l2Sender() private view returns (address) {
        if (msg.sender == tx.origin) return msg.sender;
        unchecked {
            return address(uint160(msg.sender) + ALIAS_OFFSET);
        }
    }

    function _checkRange(uint256 from, uint256 to, uint256 reached, uint256 limit) private pure {
        if (from != reached + 1 || to < from || to > limit) revert WrongRange(from, to, reached, limit);
    }
}
