/** Topic0 of each event that is emitted, by its signature; the sources are the contracts of Uniswap V2 and V3, and WETH9. */
export const topics = {
  // Transfer(address,address,uint256)
  transfer: '0xddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef',
  // Deposit(address,uint256)
  deposit: '0xe1fffcc4923d04b559f4d29a8bfc6cda04eb5b0d3c460751c2402c5c5cc9109c',
  // Withdrawal(address,uint256)
  withdrawal: '0x7fcf532c15f0a6db0bd6d0e038bea71d30d808c7d98cb3bf7268a95bf5081b65',
  // PairCreated(address,address,address,uint256)
  pairCreated: '0x0d3648bd0f6ba80134a33ba9275ac585d9d315f0ad8355cddefde31afa28d0e9',
  // Sync(uint112,uint112)
  sync: '0x1c411e9a96e071241c2f21f7726b17ae89e3cab4c78be50e062b03a9fffbbad1',
  // Swap(address,uint256,uint256,uint256,uint256,address)
  pairSwap: '0xd78ad95fa46c994b6551d0da85fc275fe613ce37657fb8d5e3d130840159d822',
  // Mint(address,uint256,uint256)
  pairMint: '0x4c209b5fc8ad50758f13e2e1088ba56a560dff690a1c6fef26394f4c03821c4f',
  // Burn(address,uint256,uint256,address)
  pairBurn: '0xdccd412f0b1252819cb1fd330b93224ca42612892bb3f4f789976e6d81936496',
  // PoolCreated(address,address,uint24,int24,address)
  poolCreated: '0x783cca1c0412dd0d695e784568c96da2e9c22ff989357a2e8b1d9b2b4e6b7118',
  // Initialize(uint160,int24)
  initialize: '0x98636036cb66a9c19a37435efc1e90142190214e8abeb821bdba3f2990dd4c95',
  // Swap(address,address,int256,int256,uint160,uint128,int24)
  rangeSwap: '0xc42079f94a6350d7e6235f29174924f928cc2ac818eb64fed8004e115fbcca67',
  // Mint(address,address,int24,int24,uint128,uint256,uint256)
  rangeMint: '0x7a53080ba414158be7ec69b987b5fb7d07dee101fe85488f0853ae16239d0bde',
  // Burn(address,int24,int24,uint128,uint256,uint256)
  rangeBurn: '0x0c396cd989a39f4459b5fa1aed6a9a8dcdbc45908acfd67e028cd568da98982c',
  // Collect(address,address,int24,int24,uint128,uint128)
  rangeCollect: '0x70935338e69775456a85ddef226c395fb668b63fa0115f5f20610b388e6ca9c0',
  // IncreaseLiquidity(uint256,uint128,uint256,uint256)
  increaseLiquidity: '0x3067048beee31b25b2f1681f88dac838c8bba36af25bfb2b7cf7473a5847e35f',
  // DecreaseLiquidity(uint256,uint128,uint256,uint256)
  decreaseLiquidity: '0x26f6a048ee9138f2c0ce266f322cb99228e8d619ae2bff30c67f8dcf9d2377b4',
  // Collect(uint256,address,uint256,uint256)
  managerCollect: '0x40d0efd1a53d60ecbf40971b9daf7dc90178c3aadc7aab1765632738fa8b8f01',
} as const
