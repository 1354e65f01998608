internal import Accounts
internal import Bots
internal import Hummingbird

extension Viewer {
    /// Who asks for something of the bots.
    var botCaller: BotCaller {
        let name = impersonator.map { "\($0.name) as \(account.name)" } ?? account.name
        return BotCaller(account: account.id, name: name, isAdministrator: may(.administerBots), viewer: self)
    }

    /// The same without an administrator's rights, for lists and pages of one's own.
    var ownCaller: BotCaller {
        BotCaller(account: account.id, name: botCaller.name, isAdministrator: false, viewer: self)
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
