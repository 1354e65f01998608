internal import Accounts
internal import Bots
internal import Fleet
internal import Foundation

extension TopicSource {
    /// `bot:ID` for what happens with a bot, and `bot:ID:log` for its log.
    static func bot(_ hosting: Hosting) -> TopicSource {
        TopicSource(kind: "bot") { name, after, viewer in
            let parts = name.split(separator: ":", omittingEmptySubsequences: false)
            guard let viewer, let id = parts.first.flatMap({ BotID(String($0)) }) else { throw HostingError.unknownBot }
            if parts.count == 2, parts[1] == "log" { return try await log(of: id, after: after, viewer, hosting) }
            guard parts.count == 1 else { throw HostingError.unknownBot }
            let notices = try await hosting.notices(of: id, for: viewer.botCaller)
            // After the notices have begun: a page that was made before tells by its version that it missed a change.
            let (listed, access) = try await hosting.find(id, for: viewer.botCaller)
            let events =
                notices.filter { notice in
                    switch notice.kind {
                    // Whoever scans a code links an account: that is the owner's to do.
                    case .qr, .pairingCode: access == .own
                    case .log: false
                    case .status, .pairingCodeRefused, .counters, .changed: true
                    }
                }
                .map { TopicEvent($0, version: listed.version) }
            return OpenTopic(events: events) { viewer in
                guard let viewer else { throw HostingError.unknownBot }
                guard try await hosting.find(id, for: viewer.botCaller).access >= access else {
                    throw HostingError.notAllowed
                }
            }
        }
    }

    /// `bots:own` for all bots that the viewer sees, `bots:all` for those of the server: their status, and that they have changed.
    static func bots(_ hosting: Hosting) -> TopicSource {
        TopicSource(kind: "bots") { name, _, viewer in
            if name == "all" { return try all(viewer, hosting) }
            guard let viewer, name == "own" else { throw HostingError.unknownBot }
            let watch = hosting.ear.watch(try await hosting.visible(to: viewer.ownCaller))
            let events = watch.changes.numbered(BotStatusPayload.event)
            return OpenTopic(events: events) { viewer in
                guard let viewer else { throw HostingError.unknownBot }
                watch.follow(try await hosting.visible(to: viewer.ownCaller))
            }
        }
    }

    /// Those of everybody, for an administrator.
    private static func all(_ viewer: Viewer?, _ hosting: Hosting) throws -> OpenTopic {
        guard let viewer, viewer.botCaller.isAdministrator else { throw HostingError.unknownBot }
        let events = hosting.ear.watch(nil).changes.numbered(BotStatusPayload.event)
        return OpenTopic(events: events) { viewer in
            guard let viewer, viewer.botCaller.isAdministrator else { throw HostingError.unknownBot }
        }
    }

    private static func log(of id: BotID, after: UInt64?, _ viewer: Viewer, _ hosting: Hosting) async throws
        -> OpenTopic
    {
        // Watched first: what is written between the two comes twice at most, and the number tells.
        let live = try await hosting.watchLog(of: id, for: viewer.botCaller)
        var query = LogQuery()
        query.after = after.flatMap { Int64(exactly: $0) }
        query.limit = LogQuery.limitLimit
        let kept = try await hosting.log(of: id, query, for: viewer.botCaller)
        return OpenTopic(events: LogEvents(kept: kept, live: live)) { viewer in
            guard let viewer else { throw HostingError.unknownBot }
            _ = try await hosting.find(id, for: viewer.botCaller)
        }
    }
}

/// The lines that are kept, in pieces, then those that come.
private struct LogEvents: AsyncSequence, Sendable {
    typealias Element = TopicEvent
    typealias Failure = Never

    let kept: [BotLogLine]
    let live: AsyncStream<BotLogLine>

    private static let piece = 500

    func makeAsyncIterator() -> Iterator {
        Iterator(kept: kept[...], last: kept.last?.number ?? 0, live: live.makeAsyncIterator())
    }

    struct Iterator: AsyncIteratorProtocol {
        var kept: ArraySlice<BotLogLine>
        let last: Int64
        var isBegun = false
        var live: AsyncStream<BotLogLine>.Iterator

        mutating func next(isolation actor: isolated (any Actor)? = #isolation) async -> TopicEvent? {
            if !kept.isEmpty || !isBegun {
                isBegun = true
                let piece = kept.prefix(LogEvents.piece)
                kept = kept.dropFirst(LogEvents.piece)
                return event(Array(piece), isComplete: kept.isEmpty)
            }
            while let line = await live.next(isolation: actor) {
                if line.number > last { return event([line], isComplete: true) }
            }
            return nil
        }

        private func event(_ lines: [BotLogLine], isComplete: Bool) -> TopicEvent {
            let id = lines.last.map { UInt64(clamping: $0.number) } ?? UInt64(clamping: last)
            return TopicEvent(id: Swift.max(1, id), name: "lines", payload: LogPayload(lines, isComplete: isComplete))
        }
    }
}

private struct LogPayload: Encodable {
    let lines: [ShownLines.Line]
    /// There is nothing more but what is still to come.
    let complete: Bool

    init(_ lines: [BotLogLine], isComplete: Bool) {
        self.lines = lines.map(ShownLines.Line.init)
        complete = isComplete
    }
}

private struct BotStatusPayload: Encodable {
    let bot: String
    let run: String
    let reason: String?
    let since: Date
    let linked: Bool

    private init(_ bot: BotID, _ session: SessionState) {
        self.bot = bot.description
        run = BotRunWord(session.status).text
        reason = session.reason
        since = session.statusAt
        linked = session.jid != nil
    }

    /// `status` where its session stands somewhere else, `changed` where the bot has become another.
    static func event(_ change: BotChange, _ number: UInt64) -> TopicEvent {
        guard let session = change.session else {
            return TopicEvent(id: number, name: "changed", payload: BotChangePayload(bot: change.bot.description))
        }
        return TopicEvent(id: number, name: "status", payload: Self(change.bot, session))
    }
}

private struct BotChangePayload: Encodable {
    let bot: String
}

/// A session's status in the words of the bots.
private struct BotRunWord {
    let text: String

    init(_ status: SessionStatus) {
        text =
            switch status {
            case .stopped: "stopped"
            case .starting: "starting"
            case .scanQRCode: "linking"
            case .working: "running"
            case .failed: "failed"
            }
    }
}

extension AsyncStream where Element: Sendable {
    /// Events with numbers that rise from one.
    fileprivate func numbered(_ event: @escaping @Sendable (Element, UInt64) -> TopicEvent) -> NumberedEvents<Element> {
        NumberedEvents(stream: self, event: event)
    }
}

private struct NumberedEvents<Item: Sendable>: AsyncSequence, Sendable {
    typealias Element = TopicEvent
    typealias Failure = Never

    let stream: AsyncStream<Item>
    let event: @Sendable (Item, UInt64) -> TopicEvent

    func makeAsyncIterator() -> Iterator { Iterator(items: stream.makeAsyncIterator(), event: event) }

    struct Iterator: AsyncIteratorProtocol {
        var items: AsyncStream<Item>.Iterator
        let event: @Sendable (Item, UInt64) -> TopicEvent
        /// Of this subscription's own: rises also over a reconnection, which begins with the time.
        var number = UInt64(clamping: Int64(Date().timeIntervalSince1970 * 1_000))

        mutating func next(isolation actor: isolated (any Actor)? = #isolation) async -> TopicEvent? {
            guard let item = await items.next(isolation: actor) else { return nil }
            number += 1
            return event(item, number)
        }
    }
}
