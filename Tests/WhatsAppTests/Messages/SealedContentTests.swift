import Foundation
import SwiftProtobuf
import Testing
import WhatsApp
import WhatsAppCrypto
import WhatsAppProtobufs
import WhatsAppWire

struct SealedContentTests {
    private let secret = [UInt8](repeating: 5, count: 32)

    private func sealed(_ content: OutgoingContent) throws -> SealedContent {
        var random = SystemRandomNumberGenerator()
        let message = try MessageFixtures.builder().build(OutgoingMessage(content), using: &random)
        guard case .sealed(let sealed) = MessageContent(message).body else { throw AddOnError.malformed }
        return sealed
    }

    private var target: AddOnTarget {
        AddOnTarget(message: MessageFixtures.target(isFromMe: false), secret: secret)
    }

    private let pairs = [(author: MessageFixtures.peer, modifier: MessageFixtures.own)]

    @Test func voteOpens() throws {
        let vote = try sealed(.vote(OutgoingVote(poll: target, options: ["Yes", "No"])))
        #expect(vote.timestamp == 1_800_000_000_000)
        guard case .vote(let hashes) = try vote.open(secret: secret, pairs: pairs) else {
            Issue.record("no vote")
            return
        }
        #expect(hashes == [PollOption.hash("Yes"), PollOption.hash("No")])
    }

    @Test func eventResponseAndReactionOpen() throws {
        let response = try sealed(.eventResponse(OutgoingEventResponse(event: target, answer: .maybe, guests: 2)))
        guard case .eventResponse(.maybe, guests: 2) = try response.open(secret: secret, pairs: pairs) else {
            Issue.record("no answer")
            return
        }
        let reaction = try sealed(.sealedReaction(target, "👍"))
        guard case .reaction("👍") = try reaction.open(secret: secret, pairs: pairs) else {
            Issue.record("no reaction")
            return
        }
    }

    @Test func wrongVoterIsNoticed() throws {
        let vote = try sealed(.vote(OutgoingVote(poll: target, options: ["Yes"])))
        let others = [(author: MessageFixtures.peer, modifier: JID(user: "15559999", server: .user))]
        #expect(throws: AddOnError.notAuthentic) { try vote.open(secret: secret, pairs: others) }
    }

    @Test func addedOptionOpensUnderBothNames() throws {
        var new = WAMessage()
        new.conversation = "option"
        for use in [AddOnUse.pollEdit, .pollAddOption] {
            var random = SystemRandomNumberGenerator()
            let sealed = AddOnKey(
                secret: secret,
                target: "A",
                author: MessageFixtures.peer,
                modifier: MessageFixtures.own,
                use: use
            )
            .seal(try new.serializedBytes(), using: &random)
            var message = WAMessage()
            message.secretEncryptedMessage.secretEncType = .pollAddOption
            message.secretEncryptedMessage.targetMessageKey.id = "A"
            message.secretEncryptedMessage.encPayload = Data(sealed.payload)
            message.secretEncryptedMessage.encIv = Data(sealed.nonce)
            guard case .sealed(let content) = MessageContent(message).body,
                case .edit(let edited) = try content.open(secret: secret, pairs: pairs)
            else {
                Issue.record("no edit")
                return
            }
            #expect(edited.conversation == "option")
        }
    }

    @Test func latestVoteWinsInAnyOrder() {
        let voter = JID(user: "1", server: .lid, device: 3)
        let first: (Int64, [[UInt8]]) = (1, [PollOption.hash("a")])
        let second: (Int64, [[UInt8]]) = (2, [PollOption.hash("b"), [UInt8](repeating: 0, count: 32)])
        for votes in [[first, second], [second, first]] {
            var tally = PollTally(options: ["a", "b"], selectableCount: 1)
            for (time, choices) in votes { tally.add(choices: choices, of: voter, timestamp: time) }
            #expect(tally.results.map(\.voters) == [[], [voter.withoutDevice]])
        }
    }

    @Test func tallyIsBounded() {
        var tally = PollTally(options: ["a", "b"], selectableCount: 1)
        let both = [PollOption.hash("a"), PollOption.hash("b")]
        let isTooMuchTaken = tally.add(choices: both, of: MessageFixtures.peer, timestamp: 1)
        #expect(!isTooMuchTaken)
        for index in 0..<PollTally.voterLimit {
            tally.add(choices: [both[0]], of: JID(user: "\(index)", server: .lid), timestamp: 1)
        }
        let isOneMoreTaken = tally.add(choices: [both[0]], of: MessageFixtures.peer, timestamp: 1)
        #expect(!isOneMoreTaken)
        let isTakenBack = tally.add(choices: [], of: JID(user: "1", server: .lid), timestamp: 2)
        #expect(isTakenBack)
        #expect(tally.voterCount == PollTally.voterLimit - 1)
    }
}
