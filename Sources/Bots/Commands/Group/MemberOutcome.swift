import WhatsApp
import WhatsAppWire

/// What a change of members has come to, in words.
enum MemberOutcome {
    /// `done` is such as “were removed”.
    static func text(_ results: [MemberResult], _ done: (one: String, many: String)) -> String {
        let good = results.filter { $0.error == nil }
        var lines: [String] = []
        if !good.isEmpty {
            let names = good.map { "@\($0.member.jid.user)" }.joined(separator: ", ")
            lines.append("\(names) \(good.count == 1 ? done.one : done.many).")
        }
        for result in results {
            guard let error = result.error else { continue }
            lines.append("@\(result.member.jid.user): \(reason(error)).")
        }
        return lines.isEmpty ? "Nothing has changed." : lines.joined(separator: "\n")
    }

    private static func reason(_ code: Int) -> String {
        switch code {
        case 401, 403: "their settings do not allow it"
        case 404: "not on WhatsApp, or not in the group"
        case 406: "the group's creator stays"
        case 408: "has left lately and must be invited"
        case 409: "is there already"
        case 419: "the group is full"
        default: "WhatsApp refuses it (\(code))"
        }
    }
}

extension CommandContext {
    /// Changes members and says what became of it; neither the bot nor its owners are changed by others.
    func change(_ order: GroupRequests.MemberOrder, _ done: (one: String, many: String)) async throws {
        var people = self.people
        if order == .remove || order == .demote {
            let own = try await own()
            people = people.filter { !$0.isSame(as: own) && (isOwner || !conduct.isOwner($0)) }
        }
        guard !people.isEmpty else { throw CommandRefusal("I do not do that to myself or my owner.") }
        guard people.count <= 50 else { throw CommandRefusal("At most 50 people at once.") }
        let results = try await session.change(order, people.map(\.jid), in: chat)
        try await reply(MemberOutcome.text(results, done), mentions: results.map(\.member.jid))
    }
}
