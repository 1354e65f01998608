package import Foundation

/// A text with what may stand around it.
package struct OutgoingText: Sendable, Equatable {
    /// At most 64 KiB of UTF-8.
    package var text: String
    package var preview: LinkPreview?
    /// Colours and font of a text status.
    package var style: TextStyle?

    package init(_ text: String, preview: LinkPreview? = nil, style: TextStyle? = nil) {
        self.text = text
        self.preview = preview
        self.style = style
    }
}

/// What is shown of a linked page.
package struct LinkPreview: Sendable, Equatable {
    /// The link as it stands in the text.
    package var link: String
    package var title: String
    package var summary: String?
    /// A small JPEG inside the message.
    package var thumbnail: [UInt8]?
    /// A larger one on the media servers.
    package var picture: UploadedMedia?
    package var pictureWidth: UInt32?
    package var pictureHeight: UInt32?
    package var isVideo = false

    package init(link: String, title: String, summary: String? = nil, thumbnail: [UInt8]? = nil) {
        self.link = link
        self.title = title
        self.summary = summary
        self.thumbnail = thumbnail
    }
}

/// The looks of a text status.
package struct TextStyle: Sendable, Equatable {
    /// Alpha, red, green, blue.
    package var textARGB: UInt32
    package var backgroundARGB: UInt32
    /// The service's number of the font: 0 to 2 and 6 to 10.
    package var font: Int

    package init(textARGB: UInt32 = 0xffff_ffff, backgroundARGB: UInt32 = 0xff1e_6e4f, font: Int = 0) {
        self.textARGB = textARGB
        self.backgroundARGB = backgroundARGB
        self.font = font
    }
}

/// Somebody's contact card.
package struct ContactCard: Sendable, Equatable {
    package var displayName: String
    /// vCard 3.0.
    package var vCard: String

    package init(displayName: String, vCard: String) {
        self.displayName = displayName
        self.vCard = vCard
    }

    /// A card with one phone number that opens a chat.
    package init(name: String, number: PhoneNumber, organization: String? = nil) {
        let escaped = Self.escaped(name)
        var lines = ["BEGIN:VCARD", "VERSION:3.0", "N:;\(escaped);;;", "FN:\(escaped)"]
        if let organization { lines.append("ORG:\(Self.escaped(organization))") }
        lines.append("TEL;type=CELL;type=VOICE;waid=\(number.digits):+\(number.digits)")
        lines.append("END:VCARD")
        self.init(displayName: name, vCard: lines.joined(separator: "\n"))
    }

    private static func escaped(_ text: String) -> String {
        var result = ""
        for character in text {
            switch character {
            case "\\", ",", ";": result += "\\\(character)"
            case "\n", "\r", "\r\n": result += "\\n"
            default: result.append(character)
            }
        }
        return result
    }
}

/// A place.
package struct OutgoingLocation: Sendable, Equatable {
    /// Degrees, -90 to 90.
    package var latitude: Double
    /// Degrees, -180 to 180.
    package var longitude: Double
    package var name: String?
    package var address: String?
    package var url: String?
    package var thumbnail: [UInt8]?

    package init(latitude: Double, longitude: Double, name: String? = nil, address: String? = nil) {
        self.latitude = latitude
        self.longitude = longitude
        self.name = name
        self.address = address
    }
}

/// A place that its sender keeps telling anew.
package struct OutgoingLiveLocation: Sendable, Equatable {
    package var latitude: Double
    package var longitude: Double
    package var accuracyInMetres: UInt32?
    package var caption: String?
    /// Rises with each update of one share.
    package var sequence: Int64

    package init(latitude: Double, longitude: Double, sequence: Int64 = 1) {
        self.latitude = latitude
        self.longitude = longitude
        self.sequence = sequence
    }
}

/// An invitation to a group, sent to somebody whom the group could not add.
package struct OutgoingGroupInvite: Sendable, Equatable {
    /// The group's JID as text.
    package var group: String
    package var code: String
    package var expires: Date
    package var groupName: String
    package var caption: String?
    package var thumbnail: [UInt8]?

    package init(group: String, code: String, expires: Date, groupName: String, caption: String? = nil) {
        self.group = group
        self.code = code
        self.expires = expires
        self.groupName = groupName
        self.caption = caption
    }
}
