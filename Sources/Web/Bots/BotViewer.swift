internal import Accounts
internal import Bots
internal import Hummingbird

extension Viewer {
    /// Who asks for something of the bots.
    var botCaller: BotCaller {
        BotCaller(
            account: account.id,
            actor: impersonator?.id ?? account.id,
            name: impersonator.map { "\($0.name) as \(account.name)" } ?? account.name,
            // A key without that scope is no administrator, whoever made it.
            isAdministrator: may(APIScope.admin),
            isImpersonated: impersonator != nil,
            viewer: self
        )
    }

    /// The same without an administrator's rights, for lists and pages of one's own.
    var ownCaller: BotCaller {
        var caller = botCaller
        caller.isAdministrator = false
        return caller
    }
}

extension WebContext {
    /// The bot that the address names; one that cannot be is unknown like one that never was.
    func botID() throws(HostingError) -> BotID {
        guard let id = parameters.get("id").flatMap({ BotID($0) }) else { throw .unknownBot }
        return id
    }
}

extension FormFields {
    /// The version of what the person saw when the form was printed.
    var version: Int? { self["version"].flatMap { Int($0) } }

    func duration() throws(HostingError) -> ApprovalDuration {
        guard let months = self["months"].flatMap({ Int($0) }), let duration = ApprovalDuration(rawValue: months)
        else { throw .invalidDuration }
        return duration
    }
}
