import WhatsApp
import WhatsAppWire

/// What a change of members has come to, in words.
enum MemberOutcome {
    /// Says of some names, and of how many there are, what has become of them.
    typealias Done = (_ names: String, _ count: Int) -> Phrase

    static func phrase(_ results: [MemberResult], _ done: Done) -> Phrase {
        let good = results.filter { $0.error == nil }
        var lines: [Phrase] = []
        if !good.isEmpty {
            let names = good.map { "@\($0.member.jid.user)" }.joined(separator: ", ")
            lines.append(done(names, good.count))
        }
        for result in results {
            guard let error = result.error else { continue }
            lines.append(Phrase(same: "@\(result.member.jid.user): \(reason(error))."))
        }
        return lines.isEmpty
            ? Phrase(en: "Nothing has changed.", id: "Tidak ada yang berubah.") : lines.joined(separator: "\n")
    }

    private static func reason(_ code: Int) -> Phrase {
        switch code {
        case 401, 403: Phrase(en: "their settings do not allow it", id: "setelan privasinya tidak mengizinkan")
        case 404: Phrase(en: "not on WhatsApp, or not in the group", id: "tidak ada di WhatsApp atau di grup ini")
        case 406: Phrase(en: "the group's creator stays", id: "pembuat grup tidak bisa diubah")
        case 408: Phrase(en: "has left lately and must be invited", id: "baru saja keluar, harus diundang")
        case 409: Phrase(en: "is there already", id: "sudah ada di grup")
        case 419: Phrase(en: "the group is full", id: "grup penuh")
        default: Phrase(en: "WhatsApp refuses it (\(code))", id: "ditolak WhatsApp (\(code))")
        }
    }
}

extension CommandContext {
    private static let changeLimit = 50

    /// Changes members and says what became of it; neither the bot nor its owners are changed by others.
    func change(_ order: GroupRequests.MemberOrder, _ done: MemberOutcome.Done) async throws {
        var people = self.people
        if order == .remove || order == .demote {
            let own = try await own()
            var others: [Person] = []
            for person in people.prefix(Self.changeLimit + 1) {
                let known = try await member(person)
                guard !known.isSame(as: own), isOwner || !conduct.isOwner(known) else { continue }
                others.append(person)
            }
            people = others
        }
        guard !people.isEmpty else {
            throw CommandRefusal(
                Phrase(
                    en: "I do not do that to myself or my owner.",
                    id: "Itu tidak saya lakukan pada diri sendiri atau pemilik saya."
                )
            )
        }
        guard people.count <= Self.changeLimit else {
            throw CommandRefusal(
                Phrase(
                    en: "At most \(Self.changeLimit) people at once.",
                    id: "Paling banyak \(Self.changeLimit) orang sekaligus."
                )
            )
        }
        let results = try await session.change(order, people.map(\.jid), in: chat)
        try await reply(MemberOutcome.phrase(results, done), mentions: results.map(\.member.jid))
    }
}
