/// The encrypted key-value collections that the devices of an account share, in the order of their first fetch.
package enum AppStateCollection: String, Sendable, CaseIterable {
    case criticalBlock = "critical_block"
    case criticalUnblockLow = "critical_unblock_low"
    case regularHigh = "regular_high"
    case regular
    case regularLow = "regular_low"
}
