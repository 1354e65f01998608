internal import Accounts
internal import Bots

extension PanelSettings {
    /// What is chosen first where a bot is approved.
    var approvalDuration: ApprovalDuration { ApprovalDuration(rawValue: approvalMonths) ?? .oneMonth }
}
