// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

/// ERC-20 balances for the local chain: anyone may mint, and the DEX contracts named at
/// deployment may spend from any account, which saves an approval per trader and router.
abstract contract TokenBase {
    event Transfer(address indexed from, address indexed to, uint256 value);
    event Approval(address indexed owner, address indexed spender, uint256 value);

    error InsufficientBalance(address account, uint256 balance, uint256 needed);
    error InsufficientAllowance(address spender, uint256 allowance, uint256 needed);

    uint8 public immutable decimals;
    uint256 public totalSupply;
    mapping(address account => uint256) public balanceOf;
    mapping(address spender => bool) public isTrustedSpender;
    mapping(address owner => mapping(address spender => uint256)) private allowances;

    constructor(uint8 decimals_, address[] memory trustedSpenders) {
        decimals = decimals_;
        for (uint256 i = 0; i < trustedSpenders.length; i++) isTrustedSpender[trustedSpenders[i]] = true;
    }

    function allowance(address owner, address spender) public view returns (uint256) {
        return isTrustedSpender[spender] ? type(uint256).max : allowances[owner][spender];
    }

    function approve(address spender, uint256 amount) external returns (bool) {
        allowances[msg.sender][spender] = amount;
        emit Approval(msg.sender, spender, amount);
        return true;
    }

    function transfer(address to, uint256 amount) external returns (bool) {
        _move(msg.sender, to, amount);
        return true;
    }

    function transferFrom(address from, address to, uint256 amount) external returns (bool) {
        uint256 allowed = allowance(from, msg.sender);
        if (allowed < amount) revert InsufficientAllowance(msg.sender, allowed, amount);
        if (allowed != type(uint256).max) allowances[from][msg.sender] = allowed - amount;
        _move(from, to, amount);
        return true;
    }

    /// Mints `amount` base units to each account.
    function drip(address[] calldata accounts, uint256 amount) external {
        totalSupply += amount * accounts.length;
        for (uint256 i = 0; i < accounts.length; i++) {
            balanceOf[accounts[i]] += amount;
            emit Transfer(address(0), accounts[i], amount);
        }
    }

    function _move(address from, address to, uint256 amount) internal virtual {
        uint256 balance = balanceOf[from];
        if (balance < amount) revert InsufficientBalance(from, balance, amount);
        balanceOf[from] = balance - amount;
        balanceOf[to] += amount;
        emit Transfer(from, to, amount);
    }
}
