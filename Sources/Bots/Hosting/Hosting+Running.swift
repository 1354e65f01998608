import Database
package import Fleet
package import Foundation
import WhatsApp

extension Hosting {
    /// Its owner wants the bot on.
    package func start(_ id: BotID, by caller: BotCaller, version: Int? = nil) async throws -> Bot {
        let bot = try await change(id, by: caller, atLeast: .operate, version: version) { bot, transaction, now in
            try await requireSession(for: bot, at: now, in: transaction)
            try bot.want(true, by: caller.shownName(to: bot.account), at: now)
            if let refusal = bot.refusal(at: now), refusal != "schedule" { throw HostingError.mayNotRun(refusal) }
            try await recordStaff(.botStarted, bot, by: caller, in: transaction)
            try await BotHistory.write(.started, of: bot, by: caller, at: now, in: transaction)
        }
        try await settler.settle(id, isAsked: true)
        return bot
    }

    package func stop(_ id: BotID, by caller: BotCaller, version: Int? = nil) async throws -> Bot {
        let bot = try await change(id, by: caller, atLeast: .operate, version: version) { bot, transaction, now in
            try bot.want(false, by: caller.shownName(to: bot.account), at: now)
            if bot.account != caller.account { try await record(.botStopped, bot, by: caller, in: transaction) }
            try await BotHistory.write(.stopped, of: bot, by: caller, at: now, in: transaction)
        }
        try await settler.settle(id, isAsked: true)
        return bot
    }

    /// Stops the bot's session and starts it anew, also one that failed.
    package func restart(_ id: BotID, by caller: BotCaller) async throws -> Bot {
        let bot = try await change(id, by: caller, atLeast: .operate, version: nil) { bot, transaction, now in
            if !bot.desired.value { try await requireSession(for: bot, at: now, in: transaction) }
            try bot.want(true, by: caller.shownName(to: bot.account), at: now)
            if let refusal = bot.refusal(at: now), refusal != "schedule" { throw HostingError.mayNotRun(refusal) }
            try await recordStaff(.botRestarted, bot, by: caller, in: transaction)
            try await BotHistory.write(.restarted, of: bot, by: caller, at: now, in: transaction)
        }
        try await settler.alone(id) {
            guard bot.refusal(at: time.date()) == nil else { return }
            try await scheduler.restart(bot.session)
        }
        return bot
    }

    /// Unlinks the phone, wipes what the session kept, and waits for a phone again.
    package func redeploy(_ id: BotID, by caller: BotCaller) async throws -> Bot {
        try await requireOpen(for: caller)
        let bot = try await change(id, by: caller, atLeast: .own, version: nil) { bot, transaction, now in
            guard bot.approval.value == .new || bot.isApproved(at: now) else {
                throw HostingError.wrongApproval(bot.approval.value == .approved ? .expired : bot.approval.value)
            }
            guard !bot.isSuspended else { throw HostingError.mayNotRun("suspended") }
            try await record(.botRedeployed, bot, by: caller, in: transaction)
            try await BotHistory.write(.redeployed, of: bot, by: caller, at: now, in: transaction)
        }
        try await settler.alone(id) { try await scheduler.reset(bot.session) }
        ear.log.write(.info, "The bot is deployed anew: link a phone.", of: id, at: time.date())
        try await beginLinking(bot, phone: nil)
        return bot
    }

    /// Waits for a phone: a QR code comes as a notice of the bot, and a pairing code as well where there is a number.
    package func link(_ id: BotID, phone: String?, by caller: BotCaller) async throws -> Bot {
        var bot = try await find(id, for: caller, atLeast: .own)
        try await requireOpen(for: caller)
        guard bot.approval.value == .new || bot.isApproved(at: time.date()) else {
            throw HostingError.wrongApproval(bot.approval.value == .approved ? .expired : bot.approval.value)
        }
        guard !bot.isSuspended else { throw HostingError.mayNotRun("suspended") }
        let session = try await scheduler.state(of: bot.session)
        guard session.jid == nil else { throw HostingError.alreadyLinked }
        if let digits = try Self.digits(phone), digits != bot.phone {
            bot = try await change(id, by: caller, atLeast: .own, version: nil) { bot, _, _ in bot.phone = digits }
        }
        try await recordStaff(.botLinking, bot, by: caller, in: database)
        try await beginLinking(bot, phone: phone == nil ? nil : bot.phone)
        return bot
    }

    package func stopLinking(_ id: BotID, by caller: BotCaller) async throws {
        let bot = try await find(id, for: caller, atLeast: .own)
        try await recordStaff(.botLinkingStopped, bot, by: caller, in: database)
        try await scheduler.stopLinking(bot.session)
    }

    private func beginLinking(_ bot: Bot, phone: String?) async throws {
        let number: PhoneNumber? = if let phone { try? PhoneNumber(parsing: phone) } else { nil }
        try await settler.alone(bot.id) {
            try await scheduler.link(bot.session, phone: number)
            // One that may run does so as soon as a phone has linked it.
            if bot.mayRun(at: time.date()) { try await scheduler.start(bot.session) }
        }
    }

    /// The pairing code that is good now; asks for one and waits for it where there is none.
    package func pairingCode(of id: BotID, isFresh: Bool, by caller: BotCaller) async throws
        -> (code: String, expiresAt: Date)
    {
        let bot = try await find(id, for: caller, atLeast: .own)
        guard let phone = bot.phone else { throw HostingError.phoneMissing }
        // Before anybody listens: who comes to a session that links is told the code that it has, which would be the old one.
        if isFresh { try await scheduler.stopLinking(bot.session) }
        let notices = try await scheduler.notices(of: bot.session)
        _ = try await link(id, phone: phone, by: caller)
        return try await withThrowingTaskGroup(of: (code: String, expiresAt: Date)?.self) { group in
            group.addTask {
                for await notice in notices {
                    switch notice.kind {
                    case .pairingCode(let code, let expiresAt): return (code, expiresAt)
                    case .pairingCodeRefused: return nil
                    default: break
                    }
                }
                return nil
            }
            group.addTask {
                try await Task.sleep(for: .seconds(25))
                return nil
            }
            defer { group.cancelAll() }
            guard let code = try await group.next().flatMap({ $0 }) else { throw HostingError.noPairingCode }
            return code
        }
    }

    /// How the bot's session stands now, in this process.
    package func session(of bot: Bot) async -> SessionState? {
        try? await scheduler.state(of: bot.session)
    }

    /// What happens with the bot's session from now on.
    package func notices(of id: BotID, for caller: BotCaller) async throws -> AsyncStream<SessionNotice> {
        let (bot, _) = try await find(id, for: caller)
        return try await scheduler.notices(of: bot.session)
    }
}
