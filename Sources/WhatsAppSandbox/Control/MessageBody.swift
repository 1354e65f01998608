import Foundation
import SwiftProtobuf
import WhatsAppCrypto
import WhatsAppProtobufs
import WhatsAppWire

extension ControlBody {
    /// The body of `POST /sandbox/phones/N/messages`: whom for, and one of the contents.
    struct Message: Decodable {
        var to: String?
        var text: String?
        var quote: String?
        var mentions: [String]?
        var media: Media?
        var reaction: Reaction?
        var edit: Edit?
        var revoke: String?
        var poll: Poll?
        var vote: Vote?
        var location: Location?
        var contact: Contact?
        var pin: String?
        var unpin: String?
        /// Seconds; 0 switches it off.
        var disappearing: UInt32?
        /// An encoded `Message`.
        var content: Data?
        /// Messages that are read, which sends none.
        var read: [String]?
        var played: [String]?
        var typing: Bool?

        struct Media: Decodable {
            /// Without it, what the type says.
            var kind: String?
            /// Base64.
            var bytes: Data?
            /// Another name for `bytes`.
            var base64: Data?
            /// A file on this machine instead.
            var path: String?
            /// A media type such as `image/png`, or a kind.
            var type: String?
            var caption: String?
            var fileName: String?
            var viewOnce: Bool?
        }

        struct Reaction: Decodable {
            var to: String
            var emoji: String
        }

        struct Edit: Decodable {
            var id: String
            var text: String
        }

        struct Poll: Decodable {
            var name: String
            var options: [String]
            var selectable: Int?
        }

        struct Vote: Decodable {
            var poll: String
            var options: [String]
        }

        struct Location: Decodable {
            var latitude: Double
            var longitude: Double
            var name: String?
        }

        struct Contact: Decodable {
            var name: String
            var vCard: String
        }

        /// The chat; nil when none is named.
        func chat() throws(SandboxError) -> JID? {
            guard let to else { return nil }
            if !to.contains("@"), to.utf8.allSatisfy({ (48...57).contains($0) }) {
                return JID(user: to, server: .user)
            }
            guard let jid = JID(to) else { throw .invalid(field: "to", reason: "A number or a JID.") }
            return jid
        }

        /// `file` is what was read from the path that the media names.
        func action(file: [UInt8]? = nil) throws(SandboxError) -> PhoneAction {
            if let media { return .media(try media.order(file: file)) }
            if let reaction { return .reaction(to: reaction.to, emoji: reaction.emoji) }
            if let edit { return .edit(edit.id, text: edit.text) }
            if let revoke { return .revoke(revoke) }
            if let poll {
                guard (1...100).contains(poll.options.count) else {
                    throw .invalid(field: "poll.options", reason: "Between 1 and 100 options.")
                }
                return .poll(name: poll.name, options: poll.options, selectable: poll.selectable ?? 1)
            }
            if let vote { return .vote(poll: vote.poll, options: vote.options) }
            if let location {
                return .location(latitude: location.latitude, longitude: location.longitude, name: location.name)
            }
            if let contact { return .contact(name: contact.name, vCard: contact.vCard) }
            if let pin { return .pin(pin, isPinned: true) }
            if let unpin { return .pin(unpin, isPinned: false) }
            if let disappearing { return .disappearing(seconds: disappearing) }
            if let content {
                guard let message = try? WAMessage(serializedBytes: content) else {
                    throw .invalid(field: "content", reason: "This is no encoded message.")
                }
                return .message(message)
            }
            if let text { return .text(text, quoting: quote, mentions: mentions ?? []) }
            throw .invalid(field: "text", reason: "Say what to send: text, media, reaction, edit, revoke, poll, ….")
        }
    }
}

extension ControlBody.Message.Media {
    private static let kinds: [String: (MediaKind, String)] = [
        "image": (.image, "image/jpeg"), "video": (.video, "video/mp4"), "gif": (.gif, "video/mp4"),
        "audio": (.audio, "audio/mp4"), "voice": (.voiceNote, "audio/ogg; codecs=opus"),
        "document": (.document, "application/octet-stream"), "sticker": (.sticker, "image/webp"),
    ]

    fileprivate func order(file: [UInt8]?) throws(SandboxError) -> PhoneMedia {
        guard let name = self.kind ?? impliedKind, let (kind, standardType) = Self.kinds[name] else {
            throw .invalid(
                field: "media.kind",
                reason: "One of: \(Self.kinds.keys.sorted().joined(separator: ", "))."
            )
        }
        guard let bytes = file ?? (self.bytes ?? base64).map(Array.init) else {
            throw .invalid(field: "media.bytes", reason: "Give the file as bytes in base64, or a path.")
        }
        return PhoneMedia(
            kind: kind,
            bytes: bytes,
            type: type.flatMap { $0.contains("/") ? $0 : nil } ?? standardType,
            caption: caption,
            fileName: fileName ?? path?.split(separator: "/").last.map(String.init),
            isViewOnce: viewOnce ?? false
        )
    }

    /// The kind that the type stands for: itself, or what a phone would send a file of that media type as.
    private var impliedKind: String? {
        guard let type else { return nil }
        guard let family = type.split(separator: "/").first, type.contains("/") else { return type }
        return ["image", "video", "audio"].contains(family) ? String(family) : "document"
    }
}

extension ControlAnswer {
    struct Messages: Encodable {
        let messages: [PhoneMessageView]
    }

    struct Sent: Encodable {
        /// Absent when nothing was sent, as after reading.
        let id: String?
    }
}
