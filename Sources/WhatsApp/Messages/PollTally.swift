internal import WhatsAppCrypto
package import WhatsAppWire

/// The votes of one poll as they stand.
///
/// Everybody always sends all choices at once, and the latest by its sender's time counts, in whatever order votes come.
package struct PollTally: Sendable {
    /// As many voters as a group can have members.
    package static let voterLimit = 10_000

    package let options: [String]
    private let selectableCount: Int
    private let positions: [[UInt8]: Int]
    private var ballots: [JID: Ballot] = [:]

    private struct Ballot: Sendable {
        var choices: [Int]
        var timestamp: Int64
    }

    package init(options: [String], selectableCount: Int) {
        self.options = options
        self.selectableCount = selectableCount
        positions = Dictionary(options.enumerated().map { (PollOption.hash($0.element), $0.offset) }) { first, _ in
            first
        }
    }

    /// Takes a vote; false when a later one of that person is known already, or it chooses more than is allowed.
    ///
    /// Choices that the poll does not have are left out. Nothing chosen takes the vote back.
    @discardableResult
    package mutating func add(choices: [[UInt8]], of voter: JID, timestamp: Int64) -> Bool {
        let voter = voter.withoutDevice
        if let known = ballots[voter], known.timestamp >= timestamp { return false }
        guard ballots[voter] != nil || ballots.count < Self.voterLimit else { return false }
        let chosen = Set(choices.compactMap { positions[$0] }).sorted()
        guard selectableCount <= 0 || chosen.count <= selectableCount else { return false }
        ballots[voter] = Ballot(choices: chosen, timestamp: timestamp)
        return true
    }

    /// Each option with those who chose it, by their JID.
    package var results: [(option: String, voters: [JID])] {
        var voters = [[JID]](repeating: [], count: options.count)
        for (voter, ballot) in ballots.sorted(by: { $0.key.description < $1.key.description }) {
            for choice in ballot.choices where voters.indices.contains(choice) { voters[choice].append(voter) }
        }
        return zip(options, voters).map { (option: $0, voters: $1) }
    }

    /// How many people have chosen something.
    package var voterCount: Int { ballots.values.count { !$0.choices.isEmpty } }
}
