package import Foundation
internal import WhatsAppProtobufs
package import WhatsAppWire

extension ContactCard {
    init(_ contact: WAContactMessage) {
        self.init(
            displayName: MessageContent.bounded(contact.displayName),
            vCard: MessageContent.bounded(contact.vcard)
        )
    }

    /// The numbers that a card says are on WhatsApp (`waid=`), digits only.
    package var numbers: [String] {
        var numbers: [String] = []
        for line in vCard.split(whereSeparator: \.isNewline).prefix(256) {
            guard let mark = line.range(of: "waid=") else { continue }
            let digits = line[mark.upperBound...].prefix { ("0"..."9").contains($0) }
            if (5...20).contains(digits.count), !numbers.contains(String(digits)) { numbers.append(String(digits)) }
        }
        return numbers
    }
}

/// A place, or where somebody is now.
package struct ReceivedLocation: Sendable, Equatable {
    package var latitude: Double
    package var longitude: Double
    package var name: String?
    package var address: String?
    package var url: String?
    package var isLive: Bool
    /// Of a live share, rises with each update.
    package var sequence: Int64?

    init(_ location: WALocationMessage) {
        latitude = location.degreesLatitude
        longitude = location.degreesLongitude
        name = location.hasName ? MessageContent.bounded(location.name) : nil
        address = location.hasAddress ? MessageContent.bounded(location.address) : nil
        url = location.hasURL ? MessageContent.bounded(location.url) : nil
        isLive = location.isLive
    }

    init(_ location: WALiveLocationMessage) {
        latitude = location.degreesLatitude
        longitude = location.degreesLongitude
        isLive = true
        sequence = location.sequenceNumber
    }
}

/// A question with options.
package struct ReceivedPoll: Sendable, Equatable {
    package var name: String
    package var options: [String]
    /// 0 for any number.
    package var selectableCount: Int

    init(_ poll: WAPollCreationMessage) {
        name = MessageContent.bounded(poll.name)
        options = poll.options.prefix(MessageContent.choiceLimit).map { MessageContent.bounded($0.optionName) }
        selectableCount = Int(poll.selectableOptionsCount)
    }
}

/// An appointment.
package struct ReceivedEvent: Sendable, Equatable {
    package var name: String
    package var details: String?
    package var start: Date
    package var end: Date?
    package var location: ReceivedLocation?
    package var joinLink: String?
    package var isCancelled: Bool

    init(_ event: WAEventMessage) {
        name = MessageContent.bounded(event.name)
        details = event.hasDescription_p ? MessageContent.bounded(event.description_p) : nil
        start = Date(timeIntervalSince1970: Double(event.startTime))
        end = event.hasEndTime ? Date(timeIntervalSince1970: Double(event.endTime)) : nil
        location = event.hasLocation ? ReceivedLocation(event.location) : nil
        joinLink = event.hasJoinLink ? MessageContent.bounded(event.joinLink) : nil
        isCancelled = event.isCanceled
    }
}

/// An invitation to a group.
package struct ReceivedGroupInvite: Sendable, Equatable {
    package var group: JID?
    package var code: String
    package var groupName: String
    package var expires: Date

    init(_ invite: WAGroupInviteMessage) {
        group = JID(invite.groupJid)
        code = MessageContent.bounded(invite.inviteCode, limit: 256)
        groupName = MessageContent.bounded(invite.groupName)
        expires = Date(timeIntervalSince1970: Double(invite.inviteExpiration))
    }
}
