import Foundation
import SwiftProtobuf
import Testing
import WhatsAppCrypto
import WhatsAppProtobufs
import WhatsAppWire

@testable import WhatsApp

struct MessageChangeTests {
    private func build(_ content: OutgoingContent, chat: JID = MessageFixtures.peer) throws -> WAMessage {
        var random = SystemRandomNumberGenerator()
        return try MessageFixtures.builder(chat: chat).build(OutgoingMessage(content), using: &random)
    }

    private func refusal(_ content: OutgoingContent, chat: JID = MessageFixtures.peer) -> String? {
        do {
            _ = try build(content, chat: chat)
            return nil
        } catch RequestError.invalid(let field, _) {
            return field
        } catch {
            return "\(error)"
        }
    }

    @Test func reactionNamesItsTarget() throws {
        let author = JID(user: "15552222", server: .user, device: 3)
        let target = MessageFixtures.target(chat: MessageFixtures.group, isFromMe: false, author: author)
        let reaction = try build(.reaction(target, "👍🏽"), chat: MessageFixtures.group).reactionMessage
        #expect(reaction.key.participant == "15552222@s.whatsapp.net")
        #expect(reaction.key.remoteJid == MessageFixtures.group.description)
        #expect(!reaction.key.fromMe)
        #expect(refusal(.reaction(target, "ab"), chat: MessageFixtures.group) == "reaction")
        #expect(refusal(.reaction(target, "👍")) == "target")
        var unknown = target
        unknown.author = nil
        #expect(refusal(.reaction(unknown, "👍"), chat: MessageFixtures.group) == "target.author")
    }

    @Test func editEndsAfterTwentyMinutes() throws {
        var target = MessageFixtures.target()
        let edit = try build(.edit(OutgoingEdit(target: target, text: OutgoingText("new"))))
        #expect(edit.protocolMessage.type == .messageEdit)
        #expect(edit.protocolMessage.editedMessage.conversation == "new")
        #expect(edit.protocolMessage.timestampMs == 1_800_000_000_000)
        #expect(!edit.hasMessageContextInfo)
        target.timestamp = MessageFixtures.now - 1_201
        #expect(refusal(.edit(OutgoingEdit(target: target, text: OutgoingText("new")))) == "target")
        let foreign = MessageFixtures.target(isFromMe: false)
        #expect(refusal(.edit(OutgoingEdit(target: foreign, text: OutgoingText("new")))) == "target")
    }

    @Test func captionIsEditedInItsMedium() throws {
        var original = WAMessage()
        original.imageMessage.directPath = "/x"
        original.imageMessage.caption = "old"
        original.messageContextInfo.messageSecret = Data([1])
        let edit = OutgoingEdit(target: MessageFixtures.target(), text: OutgoingText("new"), original: original)
        let edited = try build(.edit(edit)).protocolMessage.editedMessage
        #expect(edited.imageMessage.caption == "new")
        #expect(edited.imageMessage.directPath == "/x")
        #expect(!edited.hasMessageContextInfo)
    }

    @Test func editCanNameSomebody() throws {
        var outgoing = OutgoingMessage(
            .edit(OutgoingEdit(target: MessageFixtures.target(), text: OutgoingText("@1 new")))
        )
        outgoing.mentions = [JID(user: "1", server: .user)]
        var random = SystemRandomNumberGenerator()
        let message = try MessageFixtures.builder().build(outgoing, using: &random)
        let edited = message.protocolMessage.editedMessage.extendedTextMessage
        #expect(edited.contextInfo.mentionedJid == ["1@s.whatsapp.net"])
    }

    @Test func othersMessagesAreRevokedInGroupsAlone() throws {
        let foreign = MessageFixtures.target(isFromMe: false, author: MessageFixtures.peer)
        #expect(refusal(.revoke(foreign)) == "target")
        let inGroup = MessageFixtures.target(
            chat: MessageFixtures.group,
            isFromMe: false,
            author: MessageFixtures.peer
        )
        let revoke = try build(.revoke(inGroup), chat: MessageFixtures.group)
        #expect(revoke.protocolMessage.type == .revoke)
        #expect(revoke.protocolMessage.hasType)
        #expect(revoke.protocolMessage.key.participant == MessageFixtures.peer.description)
    }

    @Test func pinLastsAsLongAsAsked() throws {
        let pin = try build(.pin(MessageFixtures.target(), .week))
        #expect(pin.pinInChatMessage.type == .pinForAll)
        #expect(pin.messageContextInfo.messageAddOnDurationInSecs == 604_800)
        #expect(try build(.unpin(MessageFixtures.target())).pinInChatMessage.type == .unpinForAll)
    }

    @Test func timerIsSetByMessageBetweenTwoPeople() throws {
        #expect(try build(.disappearingTimer(.week)).protocolMessage.ephemeralExpiration == 604_800)
        #expect(refusal(.disappearingTimer(.week), chat: MessageFixtures.group) == "chat")
    }

    @Test func voteOpensWithTheVoter() throws {
        let secret = [UInt8](repeating: 7, count: 32)
        let target = AddOnTarget(message: MessageFixtures.target(isFromMe: false), secret: secret)
        let update = try build(.vote(OutgoingVote(poll: target, options: ["Yes"]))).pollUpdateMessage
        let plaintext = try AddOnKey(
            secret: secret,
            target: "3EB0AA",
            author: MessageFixtures.peer,
            modifier: MessageFixtures.own,
            use: .pollVote
        )
        .open(SealedAddOn(payload: Array(update.vote.encPayload), nonce: Array(update.vote.encIv)))
        let vote = try WAPollVoteMessage(serializedBytes: plaintext)
        #expect(vote.selectedOptions == [Data(PollOption.hash("Yes"))])
        #expect(update.pollCreationMessageKey.id == "3EB0AA")
        let short = AddOnTarget(message: MessageFixtures.target(), secret: [1])
        #expect(refusal(.vote(OutgoingVote(poll: short, options: []))) == "target")
    }

    @Test func identifierIsMadeAsPublished() {
        let id = MessageID.make(
            own: "49123456789",
            seconds: 1_700_000_000,
            random: hex("569319b808b622ca2c8be71d38f43b15")
        )
        #expect(id == "3EB09E2AE35FD5DB300185")
    }

    @Test func copyForOwnDevicesOpensToTheMessage() throws {
        let message = try build(.text(OutgoingText("Hello")))
        let copy = DeviceSent.wrap(message, chat: MessageFixtures.peer)
        #expect(copy.messageContextInfo == message.messageContextInfo)
        let opened = try #require(DeviceSent.unwrap(copy))
        #expect(opened.message == message)
        #expect(opened.chat == MessageFixtures.peer)
        #expect(DeviceSent.unwrap(message) == nil)
    }

    @Test(arguments: [0, 1, 100, 127, 128, 129, 16_000, 16_384, 70_000, 2_100_000])
    func aCopyOfWhatIsSerializedIsTheSame(length: Int) throws {
        var bare = WAMessage()
        bare.conversation = String(repeating: "x", count: length)
        var secret = bare
        secret.messageContextInfo.messageSecret = Data(repeating: 7, count: 32)
        for message in [bare, secret, try build(.text(OutgoingText("Hello")))] {
            let expected = try DeviceSent.wrap(message, chat: MessageFixtures.peer).serializedBytes() as [UInt8]
            let encoded = try message.serializedBytes() as [UInt8]
            #expect(try DeviceSent.encode(message, encoded: encoded, chat: MessageFixtures.peer) == expected)
        }
    }
}
