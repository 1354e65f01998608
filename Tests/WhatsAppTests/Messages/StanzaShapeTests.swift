import Foundation
import Testing
import WhatsApp
import WhatsAppProtobufs
import WhatsAppWire

struct StanzaShapeTests {
    private func shape(
        of content: OutgoingContent,
        chat: JID = MessageFixtures.peer,
        viewOnce: Bool = false
    ) throws -> StanzaShape {
        var random = SystemRandomNumberGenerator()
        var outgoing = OutgoingMessage(content)
        outgoing.isViewOnce = viewOnce
        let message = try MessageFixtures.builder(chat: chat).build(outgoing, using: &random)
        return StanzaShape(of: message, to: chat)
    }

    @Test func textsAreText() throws {
        let shape = try shape(of: .text(OutgoingText("Hello")))
        #expect(shape.type == .text)
        #expect(shape.mediaType == nil)
        #expect(shape.edit == nil)
        #expect(!shape.hidesFailure)
        #expect(shape.meta == nil)
        #expect(shape.business == nil)
    }

    @Test func linkPreviewIsMedia() throws {
        let preview = LinkPreview(link: "x.org", title: "X")
        let shape = try shape(of: .text(OutgoingText("x.org", preview: preview)))
        #expect(shape.type == .media)
        #expect(shape.mediaType == "url")
    }

    @Test func everyMediumHasItsWord() throws {
        let media = MessageFixtures.media()
        #expect(try shape(of: .image(OutgoingImage(media: media))).mediaType == "image")
        #expect(try shape(of: .video(OutgoingVideo(media: media))).mediaType == "video")
        #expect(try shape(of: .video(OutgoingVideo(media: media, style: .gif))).mediaType == "gif")
        #expect(try shape(of: .video(OutgoingVideo(media: media, style: .note))).mediaType == "ptv")
        #expect(try shape(of: .audio(OutgoingAudio(media: media, isVoiceNote: true))).mediaType == "ptt")
        #expect(try shape(of: .audio(OutgoingAudio(media: media, isVoiceNote: false))).mediaType == "audio")
        #expect(try shape(of: .sticker(OutgoingSticker(media: media))).mediaType == "sticker")
        let document = OutgoingDocument(media: media, mimeType: "a/b", fileName: "f", caption: "c")
        #expect(try shape(of: .document(document)).mediaType == "document")
        #expect(try shape(of: .document(document)).type == .media)
        #expect(try shape(of: .location(OutgoingLocation(latitude: 0, longitude: 0))).mediaType == "location")
        let card = ContactCard(displayName: "A", vCard: "BEGIN:VCARD")
        #expect(try shape(of: .contacts([card])).mediaType == "vcard")
        #expect(try shape(of: .contacts([card, card])).mediaType == "contact_array")
    }

    @Test func viewOnceStandsInMeta() throws {
        let shape = try shape(of: .image(OutgoingImage(media: MessageFixtures.media())), viewOnce: true)
        #expect(shape.meta == BinaryNode("meta", ["view_once": "true"]))
    }

    @Test func reactionsHideTheirFailure() throws {
        let given = try shape(of: .reaction(MessageFixtures.target(), "👍"))
        #expect(given.type == .reaction)
        #expect(given.hidesFailure)
        #expect(given.edit == nil)
        #expect(try shape(of: .reaction(MessageFixtures.target(), "")).edit == 7)
    }

    @Test func revokesNeverHideTheirFailure() throws {
        let own = try shape(of: .revoke(MessageFixtures.target()))
        #expect(own.edit == 7)
        #expect(own.type == .text)
        #expect(!own.hidesFailure)
        let others = MessageFixtures.target(
            chat: MessageFixtures.group,
            isFromMe: false,
            author: MessageFixtures.peer
        )
        let byAdmin = try shape(of: .revoke(others), chat: MessageFixtures.group)
        #expect(byAdmin.edit == 8)
        #expect(!byAdmin.hidesFailure)
    }

    @Test func editsPinsAndKeepsHaveTheirNumbers() throws {
        let target = MessageFixtures.target()
        let edit = try shape(of: .edit(OutgoingEdit(target: target, text: OutgoingText("n"))))
        #expect(edit.edit == 1)
        #expect(edit.hidesFailure)
        #expect(try shape(of: .pin(target, .day)).edit == 2)
        #expect(try shape(of: .keep(target, isKept: true)).edit == nil)
        #expect(try shape(of: .keep(target, isKept: false)).edit == 7)
    }

    @Test func pollsAndEventsHaveMeta() throws {
        let poll = try shape(of: .poll(OutgoingPoll(name: "q", options: ["a", "b"])))
        #expect(poll.type == .poll)
        #expect(poll.meta == BinaryNode("meta", ["polltype": "creation"]))
        let target = AddOnTarget(message: MessageFixtures.target(), secret: [UInt8](repeating: 1, count: 32))
        let vote = try shape(of: .vote(OutgoingVote(poll: target, options: [])))
        #expect(vote.type == .poll)
        #expect(vote.hidesFailure)
        #expect(vote.meta == BinaryNode("meta", ["polltype": "vote"]))
        let event = try shape(of: .event(OutgoingEvent(name: "e", start: MessageFixtures.now)))
        #expect(event.type == .event)
        #expect(event.meta == BinaryNode("meta", ["event_type": "creation"]))
    }

    @Test func listsAndFlowsHaveABusinessNode() throws {
        let row = OutgoingList.Row(id: "r", title: "Row")
        let list = OutgoingList(title: "T", text: "t", buttonTitle: "b", sections: [.init(title: "s", rows: [row])])
        let shape = try shape(of: .list(list))
        #expect(shape.mediaType == "list")
        #expect(shape.business?.child("list")?.attributes.text("type") == "single_select")
        let flow = OutgoingInteractive(text: "t", buttons: [.init(name: "quick_reply", parameters: "{}")])
        let node = try self.shape(of: .interactive(flow)).business?.child("interactive")?.child("native_flow")
        #expect(node?.attributes.text("name") == "mixed")
    }

    @Test func onlyPostsNameTheirAudience() {
        var post = WAMessage()
        post.extendedTextMessage.text = "hello"
        let posted = StanzaShape(of: post, to: .status, statusAudience: "contacts")
        #expect(posted.meta == BinaryNode("meta", ["status_setting": "contacts"]))
        var revoke = WAMessage()
        revoke.protocolMessage.type = .revoke
        revoke.protocolMessage.key.fromMe = true
        #expect(StanzaShape(of: revoke, to: .status, statusAudience: "contacts").meta == nil)
        #expect(StanzaShape(of: post, to: MessageFixtures.peer, statusAudience: "contacts").meta == nil)
    }

    @Test func wrappedEditIsAnEdit() {
        var message = WAMessage()
        message.editedMessage.message.protocolMessage.type = .messageEdit
        let shape = StanzaShape(of: message, to: MessageFixtures.peer)
        #expect(shape.edit == 1)
        #expect(shape.type == .text)
        #expect(shape.hidesFailure)
    }
}
