import Fleet
package import Foundation

extension BotControl {
    private var schedules: ScheduleRepository { ScheduleRepository(database: database) }

    /// Messages that go out at a time, the next first; those that are over stay a week.
    package func scheduledMessages(of id: BotID, for caller: BotCaller) async throws -> [ScheduledMessage] {
        _ = try await hosting.find(id, for: caller)
        return try await schedules.list(id)
    }

    /// Plans a message; as it stands then, with the time at which it is due first.
    ///
    /// The chat is a JID, or a number as people write it.
    package func schedule(_ message: ScheduledMessage, of id: BotID, by caller: BotCaller) async throws
        -> ScheduledMessage
    {
        _ = try await hosting.find(id, for: caller, atLeast: .own)
        var message = message
        do throws(ConductError) {
            message.chat = try Self.chat(message.chat)
        } catch {
            throw AutomationError.invalid(.chat)
        }
        let planned = try await services.store.schedule(message, of: id)
        try await note(HistoryDetail(.messagePlanned), of: id, by: caller)
        return planned
    }

    /// Throws ``AutomationError/unknown`` for a message that there is not.
    package func deleteScheduledMessage(_ message: UUID, of id: BotID, by caller: BotCaller) async throws {
        _ = try await hosting.find(id, for: caller, atLeast: .own)
        guard try await schedules.delete(message, of: id) else { throw AutomationError.unknown }
        try await note(HistoryDetail(.messageRemoved), of: id, by: caller)
    }

    /// Lets a message rest, or go on: from its next time, so that nothing is caught up.
    ///
    /// Throws ``AutomationError/invalid(_:)`` for a message whose only time is past.
    package func setScheduledMessage(_ message: UUID, isOn: Bool, of id: BotID, by caller: BotCaller) async throws
        -> ScheduledMessage
    {
        _ = try await hosting.find(id, for: caller, atLeast: .own)
        guard var found = try await schedules.find(message, of: id) else { throw AutomationError.unknown }
        guard let due = found.nextAt else { throw AutomationError.invalid(.at) }
        var next: Date? = due
        if isOn, due <= now { next = found.following(now) }
        guard next != nil else { throw AutomationError.invalid(.at) }
        guard try await schedules.set(found, isOn: isOn, next: next, of: id) else {
            throw HostingError.changedMeanwhile
        }
        found.isOn = isOn
        found.nextAt = next
        try await note(HistoryDetail(isOn ? .messageResumed : .messagePaused), of: id, by: caller)
        return found
    }

    /// The time zone that the bot lives in.
    package func timeZone(of id: BotID, for caller: BotCaller) async throws -> TimeZone {
        let (bot, _) = try await hosting.find(id, for: caller)
        return try await effectiveConduct(of: bot).timeZone
    }
}

extension BotStore {
    /// Plans a message for a bot, also by a command; throws ``AutomationError``.
    ///
    /// `share` is how many reminders there may be of all people together.
    package func schedule(_ message: ScheduledMessage, of bot: BotID, share: Int? = nil) async throws
        -> ScheduledMessage
    {
        var message = message
        let now = time.date()
        try message.check(at: now)
        try await ScheduleRepository(database: database).insert(message, of: bot, share: share, at: now)
        return message
    }
}
