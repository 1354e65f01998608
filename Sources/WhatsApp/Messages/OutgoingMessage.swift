package import Foundation
package import WhatsAppProtobufs
package import WhatsAppWire

/// A message that somebody wants sent: its content and what stands around it.
package struct OutgoingMessage: Sendable {
    package var content: OutgoingContent
    /// The message that this one answers.
    package var quote: QuotedMessage?
    /// Bare JIDs of those who are named; the text holds `@user` for each.
    package var mentions: [JID] = []
    /// Names everybody in the group; the text holds `@all`.
    package var mentionsEveryone = false
    /// Image, video or audio that can be opened once.
    package var isViewOnce = false
    /// The album that an image or a video belongs to.
    package var album: MessageTarget?

    package init(_ content: OutgoingContent) {
        self.content = content
    }
}

/// What a message can hold.
package enum OutgoingContent: Sendable {
    case text(OutgoingText)
    case image(OutgoingImage)
    case video(OutgoingVideo)
    case audio(OutgoingAudio)
    case document(OutgoingDocument)
    case sticker(OutgoingSticker)
    /// One card or several.
    case contacts([ContactCard])
    case location(OutgoingLocation)
    case liveLocation(OutgoingLiveLocation)
    case poll(OutgoingPoll)
    case vote(OutgoingVote)
    case event(OutgoingEvent)
    case eventResponse(OutgoingEventResponse)
    /// Announces images and videos that follow, each naming this message as its album.
    case album(images: Int, videos: Int)
    case groupInvite(OutgoingGroupInvite)
    case buttons(OutgoingButtons)
    case list(OutgoingList)
    case interactive(OutgoingInteractive)
    /// Another message's content, marked as forwarded.
    case forward(WAMessage)
    /// An emoji; empty takes the reaction back.
    case reaction(MessageTarget, String)
    /// A reaction in an announcement group of a community, sealed with the target's secret.
    case sealedReaction(AddOnTarget, String)
    case edit(OutgoingEdit)
    /// Deletes for everybody: an own message, or as a group's administrator somebody else's.
    case revoke(MessageTarget)
    case pin(MessageTarget, PinDuration)
    case unpin(MessageTarget)
    /// Keeps a disappearing message, or no longer.
    case keep(MessageTarget, isKept: Bool)
    /// The chat's timer for disappearing messages; groups have a request of their own.
    case disappearingTimer(DisappearingTimer)
    /// Tells the other person the own phone number.
    case sharePhoneNumber
    case requestPhoneNumber
    /// What the group shows beside the own name; at most 30 characters.
    case memberLabel(String)
}

/// A message that an edit, a reaction, a pin or the like is about.
package struct MessageTarget: Sendable, Equatable {
    package var chat: JID
    package var id: String
    package var isFromMe: Bool
    /// Who wrote it, bare; needed in groups for messages of others.
    package var author: JID?
    /// When it was written, where that is known: edits and pins have a time limit.
    package var timestamp: Date?

    package init(chat: JID, id: String, isFromMe: Bool, author: JID? = nil, timestamp: Date? = nil) {
        self.chat = chat
        self.id = id
        self.isFromMe = isFromMe
        self.author = author
        self.timestamp = timestamp
    }

    /// The key as the sender sees it: the author stands in it for others' messages in groups and broadcasts.
    package var key: WAMessageKey {
        var key = WAMessageKey()
        key.remoteJid = chat.description
        key.fromMe = isFromMe
        key.id = id
        if !isFromMe, let author, [.group, .broadcast].contains(chat.server) {
            key.participant = author.withoutDevice.description
        }
        return key
    }
}

/// A new text, or a new caption of a medium, for an own message.
package struct OutgoingEdit: Sendable {
    package var target: MessageTarget
    package var text: OutgoingText
    /// The message as it was sent, needed where it is a medium whose caption changes.
    package var original: WAMessage?

    package init(target: MessageTarget, text: OutgoingText, original: WAMessage? = nil) {
        self.target = target
        self.text = text
        self.original = original
    }
}

/// A message that an add-on seals something for.
package struct AddOnTarget: Sendable, Equatable {
    package var message: MessageTarget
    /// The target's own secret, 32 bytes.
    package var secret: [UInt8]

    package init(message: MessageTarget, secret: [UInt8]) {
        self.message = message
        self.secret = secret
    }
}

/// The message that another one answers.
package struct QuotedMessage: Sendable {
    package var target: MessageTarget
    /// The original; context and secrets are taken out of it.
    package var message: WAMessage

    package init(target: MessageTarget, message: WAMessage) {
        self.target = target
        self.message = message
    }
}

/// How long a message stays pinned.
package enum PinDuration: UInt32, Sendable, CaseIterable {
    case day = 86_400
    case week = 604_800
    case month = 2_592_000
}

/// When messages of a chat disappear.
package enum DisappearingTimer: UInt32, Sendable, CaseIterable {
    case off = 0
    case day = 86_400
    case week = 604_800
    case quarter = 7_776_000
}
