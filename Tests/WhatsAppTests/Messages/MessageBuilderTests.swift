import Foundation
import Testing
import WhatsApp
import WhatsAppCrypto
import WhatsAppProtobufs
import WhatsAppWire

struct MessageBuilderTests {
    private func build(
        _ outgoing: OutgoingMessage,
        chat: JID = MessageFixtures.peer,
        expiration: UInt32? = nil
    ) throws -> WAMessage {
        var random = SystemRandomNumberGenerator()
        return try MessageFixtures.builder(chat: chat, expiration: expiration).build(outgoing, using: &random)
    }

    private func build(_ content: OutgoingContent, chat: JID = MessageFixtures.peer) throws -> WAMessage {
        try build(OutgoingMessage(content), chat: chat)
    }

    private func refusal(_ content: OutgoingContent, chat: JID = MessageFixtures.peer) -> String? {
        refusal(OutgoingMessage(content), chat: chat)
    }

    private func refusal(_ outgoing: OutgoingMessage, chat: JID = MessageFixtures.peer) -> String? {
        do {
            _ = try build(outgoing, chat: chat)
            return nil
        } catch RequestError.invalid(let field, _) {
            return field
        } catch {
            return "\(error)"
        }
    }

    // MARK: Text and context

    @Test func plainTextStaysConversationWithASecret() throws {
        let message = try build(.text(OutgoingText("Hello")))
        #expect(message.conversation == "Hello")
        #expect(message.messageContextInfo.messageSecret.count == 32)
        #expect(!message.hasExtendedTextMessage)
    }

    @Test func textInADisappearingChatCarriesTheTimer() throws {
        let message = try build(OutgoingMessage(.text(OutgoingText("Hello"))), expiration: 86_400)
        #expect(!message.hasConversation)
        #expect(message.extendedTextMessage.text == "Hello")
        #expect(message.extendedTextMessage.contextInfo.expiration == 86_400)
        #expect(message.extendedTextMessage.contextInfo.ephemeralSettingTimestamp == 1_799_999_940)
    }

    @Test func quoteLosesContextAndSecrets() throws {
        var original = WAMessage()
        original.extendedTextMessage.text = "before"
        original.extendedTextMessage.contextInfo.stanzaID = "older"
        original.messageContextInfo.messageSecret = Data(repeating: 1, count: 32)
        var outgoing = OutgoingMessage(.text(OutgoingText("answer")))
        let author = JID(user: "15552222", server: .user, device: 3)
        outgoing.quote = QuotedMessage(
            target: MessageFixtures.target(chat: MessageFixtures.group, isFromMe: false, author: author),
            message: original
        )
        let context = try build(outgoing, chat: MessageFixtures.group).extendedTextMessage.contextInfo
        #expect(context.stanzaID == "3EB0AA")
        #expect(context.participant == "15552222@s.whatsapp.net")
        #expect(!context.hasRemoteJid)
        #expect(context.quotedMessage.extendedTextMessage.text == "before")
        #expect(context.quotedMessage.contextInfo == nil)
        #expect(!context.quotedMessage.hasMessageContextInfo)
    }

    @Test func replyToAStatusNamesTheBroadcast() throws {
        var outgoing = OutgoingMessage(.text(OutgoingText("nice")))
        var original = WAMessage()
        original.conversation = "status"
        outgoing.quote = QuotedMessage(
            target: MessageTarget(chat: .status, id: "A", isFromMe: false, author: MessageFixtures.peer),
            message: original
        )
        let context = try build(outgoing).extendedTextMessage.contextInfo
        #expect(context.remoteJid == "status@broadcast")
        #expect(context.participant == MessageFixtures.peer.description)
    }

    @Test func mentionsAreBareAndBounded() throws {
        var outgoing = OutgoingMessage(.text(OutgoingText("@15552222 hi @all")))
        outgoing.mentions = [JID(user: "15552222", server: .user, device: 4)]
        outgoing.mentionsEveryone = true
        let context = try build(outgoing, chat: MessageFixtures.group).extendedTextMessage.contextInfo
        #expect(context.mentionedJid == ["15552222@s.whatsapp.net"])
        #expect(context.nonJidMentions == 1)
        #expect(refusal(outgoing) == "mentions_everyone")
        outgoing.mentions = Array(repeating: MessageFixtures.peer, count: 1_025)
        #expect(refusal(outgoing, chat: MessageFixtures.group) == "mentions")
        outgoing.mentions = [MessageFixtures.group]
        #expect(refusal(outgoing, chat: MessageFixtures.group) == "mentions")
    }

    @Test func textIsAtMost64KiB() throws {
        #expect(refusal(.text(OutgoingText(String(repeating: "a", count: 65_536)))) == nil)
        #expect(refusal(.text(OutgoingText(String(repeating: "a", count: 65_537)))) == "text")
        #expect(refusal(.text(OutgoingText(""))) == "text")
    }

    @Test func previewMustBelongToTheText() throws {
        let preview = LinkPreview(link: "https://example.org", title: "Example")
        let message = try build(.text(OutgoingText("see https://example.org", preview: preview)))
        #expect(message.extendedTextMessage.matchedText == "https://example.org")
        #expect(refusal(.text(OutgoingText("see elsewhere", preview: preview))) == "preview.link")
    }

    @Test func forwardCountsAndDropsQuotes() throws {
        var original = WAMessage()
        original.ephemeralMessage.message.extendedTextMessage.text = "news"
        original.ephemeralMessage.message.extendedTextMessage.contextInfo.forwardingScore = 4
        original.ephemeralMessage.message.extendedTextMessage.contextInfo.mentionedJid = ["1@s.whatsapp.net"]
        let message = try build(.forward(original))
        #expect(message.extendedTextMessage.text == "news")
        #expect(message.extendedTextMessage.contextInfo.forwardingScore == 5)
        #expect(message.extendedTextMessage.contextInfo.isForwarded)
        #expect(message.extendedTextMessage.contextInfo.mentionedJid.isEmpty)
    }

    @Test func viewOnceAndReactionsAreNotForwarded() {
        var secret = WAMessage()
        secret.viewOnceMessageV2.message.imageMessage.url = "x"
        #expect(refusal(.forward(secret)) == "forward")
        var reaction = WAMessage()
        reaction.reactionMessage.text = "x"
        #expect(refusal(.forward(reaction)) == "forward")
    }

    // MARK: Media

    @Test func captionedDocumentIsWrapped() throws {
        let document = OutgoingDocument(
            media: MessageFixtures.media(),
            mimeType: "application/pdf",
            fileName: "a.pdf",
            caption: "read this"
        )
        let message = try build(.document(document))
        #expect(message.documentWithCaptionMessage.message.documentMessage.caption == "read this")
        #expect(message.messageContextInfo.messageSecret.count == 32)
        #expect(!message.documentWithCaptionMessage.message.hasMessageContextInfo)
    }

    @Test func mediaCarriesItsFile() throws {
        let image = try build(.image(OutgoingImage(media: MessageFixtures.media(), caption: "c"))).imageMessage
        #expect(image.directPath == "/v/a?x=1")
        #expect(image.mediaKey.count == 32)
        #expect(image.mediaKeyTimestamp == 1_800_000_000)
        #expect(image.jpegThumbnail == Data([0xff, 0xd8]))
        var voice = OutgoingAudio(media: MessageFixtures.media(), isVoiceNote: true)
        voice.waveform = [UInt8](repeating: 50, count: 64)
        let audio = try build(.audio(voice)).audioMessage
        #expect(audio.ptt)
        #expect(audio.waveform.count == 64)
        #expect(audio.streamingSidecar == Data([4, 5]))
        voice.waveform = [UInt8](repeating: 101, count: 64)
        #expect(refusal(.audio(voice)) == "waveform")
    }

    @Test func wrongMediaIsRefused() {
        var media = MessageFixtures.media()
        media.mediaKey = [1]
        #expect(refusal(.image(OutgoingImage(media: media))) == "media")
        var image = OutgoingImage(media: MessageFixtures.media())
        image.mimeType = "text/html"
        #expect(refusal(.image(image)) == "mime_type")
    }

    @Test func onlyPicturesAndSoundAreSeenOnce() throws {
        var outgoing = OutgoingMessage(.image(OutgoingImage(media: MessageFixtures.media())))
        outgoing.isViewOnce = true
        #expect(try build(outgoing).imageMessage.viewOnce)
        outgoing.content = .text(OutgoingText("x"))
        #expect(refusal(outgoing) == "view_once")
    }

    @Test func albumItemsNameTheAlbum() throws {
        var outgoing = OutgoingMessage(.image(OutgoingImage(media: MessageFixtures.media())))
        outgoing.album = MessageFixtures.target()
        let message = try build(outgoing)
        #expect(message.messageContextInfo.messageAssociation.associationType == .mediaAlbum)
        #expect(message.messageContextInfo.messageAssociation.parentMessageKey.id == "3EB0AA")
        #expect(refusal(.album(images: 1, videos: 0)) == "album")
        #expect(refusal(.album(images: Int.max, videos: Int.max)) == "album")
        #expect(try build(.album(images: 2, videos: 1)).albumMessage.expectedVideoCount == 1)
    }

    // MARK: Cards

    @Test func pollLimitsHold() throws {
        #expect(try build(.poll(OutgoingPoll(name: "q", options: ["a", "b"]))).hasPollCreationMessageV3)
        let several = OutgoingPoll(name: "q", options: ["a", "b"], selectableCount: 0)
        #expect(try build(.poll(several)).hasPollCreationMessage)
        let name = String(repeating: "n", count: 256)
        #expect(refusal(.poll(OutgoingPoll(name: name, options: ["a", "b"]))) == "poll.name")
        #expect(refusal(.poll(OutgoingPoll(name: "q", options: ["a"]))) == "poll.options")
        #expect(refusal(.poll(OutgoingPoll(name: "q", options: ["a", "a"]))) == "poll.options")
        let many = (0..<13).map(String.init)
        #expect(refusal(.poll(OutgoingPoll(name: "q", options: many))) == "poll.options")
        #expect(
            refusal(.poll(OutgoingPoll(name: "q", options: ["a", "b"], selectableCount: 3))) == "poll.selectable_count"
        )
        #expect(
            refusal(.poll(OutgoingPoll(name: "q", options: ["a", "b"], selectableCount: -1))) == "poll.selectable_count"
        )
    }

    @Test func contactCardEscapesItsName() throws {
        let number = try PhoneNumber(parsing: "+1 555 0001234")
        let message = try build(.contacts([ContactCard(name: "Doe, Jane;\nBEGIN", number: number)]))
        #expect(message.contactMessage.displayName == "Doe, Jane;\nBEGIN")
        #expect(message.contactMessage.vcard.contains("FN:Doe\\, Jane\\;\\nBEGIN"))
        #expect(message.contactMessage.vcard.contains("waid=15550001234:+15550001234"))
        let cards = [ContactCard](repeating: ContactCard(name: "A", number: number), count: 2)
        #expect(try build(.contacts(cards)).contactsArrayMessage.contacts.count == 2)
        #expect(refusal(.contacts([])) == "contacts")
        #expect(refusal(.contacts([ContactCard(displayName: "x", vCard: "no card")])) == "contacts.vcard")
    }

    @Test func placesAreOnTheGlobe() throws {
        #expect(refusal(.location(OutgoingLocation(latitude: 91, longitude: 0))) == "latitude")
        #expect(refusal(.location(OutgoingLocation(latitude: .nan, longitude: 0))) == "latitude")
        #expect(refusal(.liveLocation(OutgoingLiveLocation(latitude: 0, longitude: 181))) == "longitude")
        #expect(try build(.location(OutgoingLocation(latitude: 1, longitude: 2))).locationMessage.degreesLongitude == 2)
    }

    @Test func eventEndsAfterItStarts() throws {
        var event = OutgoingEvent(name: "Dinner", start: MessageFixtures.now)
        event.location = OutgoingLocation(latitude: 1, longitude: 1, name: "here")
        let message = try build(.event(event))
        #expect(message.eventMessage.startTime == 1_800_000_000)
        #expect(message.eventMessage.location.name == "here")
        event.end = MessageFixtures.now - 1
        #expect(refusal(.event(event)) == "event.end")
    }

    @Test func interactiveFormsAreBuilt() throws {
        let buttons = OutgoingButtons(text: "t", buttons: [.init(id: "1", title: "One")])
        #expect(try build(.buttons(buttons)).buttonsMessage.buttons.first?.buttonText.displayText == "One")
        #expect(refusal(.buttons(OutgoingButtons(text: "t", buttons: []))) == "buttons")
        let row = OutgoingList.Row(id: "r", title: "Row")
        let list = OutgoingList(title: "T", text: "t", buttonTitle: "b", sections: [.init(title: "s", rows: [row])])
        #expect(try build(.list(list)).listMessage.sections.first?.rows.first?.rowID == "r")
        let doubled = OutgoingList(
            title: "T",
            text: "t",
            buttonTitle: "b",
            sections: [.init(title: "s", rows: [row, row])]
        )
        #expect(refusal(.list(doubled)) == "sections.rows.id")
        let interactive = OutgoingInteractive(text: "t", buttons: [.init(name: "quick_reply", parameters: "{}")])
        #expect(try build(.interactive(interactive)).interactiveMessage.nativeFlowMessage.buttons.count == 1)
    }
}
