internal import Foundation
internal import WhatsAppProtobufs
internal import WhatsAppWire

extension MessageBuilder {
    static func message(_ cards: [ContactCard]) throws(RequestError) -> WAMessage {
        guard (1...257).contains(cards.count) else { throw .invalid(field: "contacts", reason: .count(1...257)) }
        var contacts: [WAContactMessage] = []
        for card in cards {
            try check(card.vCard, "contacts.vcard", notEmpty: true)
            try check(card.displayName, "contacts.display_name", limit: 1_024)
            guard card.vCard.hasPrefix("BEGIN:VCARD") else {
                throw .invalid(field: "contacts.vcard", reason: "no vCard")
            }
            var contact = WAContactMessage()
            contact.displayName = card.displayName
            contact.vcard = card.vCard
            contacts.append(contact)
        }
        var message = WAMessage()
        if contacts.count == 1, let contact = contacts.first {
            message.contactMessage = contact
        } else {
            message.contactsArrayMessage.displayName = "\(contacts.count) contacts"
            message.contactsArrayMessage.contacts = contacts
        }
        return message
    }

    static func message(_ location: OutgoingLocation) throws(RequestError) -> WAMessage {
        var message = WAMessage()
        message.locationMessage = try content(location)
        return message
    }

    private static func content(_ location: OutgoingLocation) throws(RequestError) -> WALocationMessage {
        try check(latitude: location.latitude, longitude: location.longitude)
        var content = WALocationMessage()
        content.degreesLatitude = location.latitude
        content.degreesLongitude = location.longitude
        if let name = location.name {
            try check(name, "location.name", limit: 1_024)
            content.name = name
        }
        if let address = location.address {
            try check(address, "location.address", limit: 4_096)
            content.address = address
        }
        if let url = location.url {
            try check(url, "location.url", limit: 2_048)
            content.url = url
        }
        if let thumbnail = location.thumbnail { content.jpegThumbnail = Data(thumbnail) }
        return content
    }

    static func message(_ location: OutgoingLiveLocation) throws(RequestError) -> WAMessage {
        try check(latitude: location.latitude, longitude: location.longitude)
        var message = WAMessage()
        message.liveLocationMessage.degreesLatitude = location.latitude
        message.liveLocationMessage.degreesLongitude = location.longitude
        message.liveLocationMessage.sequenceNumber = location.sequence
        if let accuracy = location.accuracyInMetres { message.liveLocationMessage.accuracyInMeters = accuracy }
        if let caption = location.caption {
            try check(caption, "caption")
            message.liveLocationMessage.caption = caption
        }
        return message
    }

    private static func check(latitude: Double, longitude: Double) throws(RequestError) {
        guard (-90...90).contains(latitude) else { throw .invalid(field: "latitude", reason: "not -90 to 90") }
        guard (-180...180).contains(longitude) else { throw .invalid(field: "longitude", reason: "not -180 to 180") }
    }

    static func message(_ poll: OutgoingPoll) throws(RequestError) -> WAMessage {
        try check(poll.name, "poll.name", characters: OutgoingPoll.nameLimit)
        guard OutgoingPoll.optionCount.contains(poll.options.count) else {
            throw .invalid(field: "poll.options", reason: .count(OutgoingPoll.optionCount))
        }
        for option in poll.options { try check(option, "poll.options", characters: OutgoingPoll.optionLimit) }
        guard Set(poll.options).count == poll.options.count else {
            throw .invalid(field: "poll.options", reason: .repeated)
        }
        guard let selectable = UInt32(exactly: poll.selectableCount), poll.selectableCount <= poll.options.count else {
            throw .invalid(field: "poll.selectable_count", reason: "not 0 to the number of options")
        }
        var content = WAPollCreationMessage()
        content.name = poll.name
        content.options = poll.options.map { name in
            var option = WAPollCreationMessage.Option()
            option.optionName = name
            return option
        }
        content.selectableOptionsCount = selectable
        var message = WAMessage()
        if poll.isForAnnouncementGroup {
            message.pollCreationMessageV2 = content
        } else if selectable == 1 {
            message.pollCreationMessageV3 = content
        } else {
            message.pollCreationMessage = content
        }
        return message
    }

    static func message(_ event: OutgoingEvent) throws(RequestError) -> WAMessage {
        try check(event.name, "event.name", characters: 100)
        guard event.start.unixSeconds > 0 else { throw .invalid(field: "event.start", reason: "no time") }
        var content = WAEventMessage()
        content.name = event.name
        content.startTime = event.start.unixSeconds
        content.isCanceled = event.isCancelled
        content.extraGuestsAllowed = event.allowsGuests
        if let details = event.details {
            try check(details, "event.description", limit: 8_192)
            content.description_p = details
        }
        if let end = event.end {
            guard end >= event.start else { throw .invalid(field: "event.end", reason: "before the start") }
            content.endTime = end.unixSeconds
        }
        if let location = event.location { content.location = try Self.content(location) }
        if let link = event.joinLink {
            try check(link, "event.join_link", limit: 2_048)
            content.joinLink = link
        }
        var message = WAMessage()
        message.eventMessage = content
        return message
    }

    static func message(_ invite: OutgoingGroupInvite) throws(RequestError) -> WAMessage {
        guard let group = JID(invite.group), group.server == .group, !group.user.isEmpty else {
            throw .invalid(field: "group", reason: "no group")
        }
        try check(invite.code, "code", limit: 256, notEmpty: true)
        try check(invite.groupName, "group_name", limit: 1_024)
        var message = WAMessage()
        message.groupInviteMessage.groupJid = group.description
        message.groupInviteMessage.inviteCode = invite.code
        message.groupInviteMessage.inviteExpiration = invite.expires.unixSeconds
        message.groupInviteMessage.groupName = invite.groupName
        if let caption = invite.caption {
            try check(caption, "caption")
            message.groupInviteMessage.caption = caption
        }
        if let thumbnail = invite.thumbnail { message.groupInviteMessage.jpegThumbnail = Data(thumbnail) }
        return message
    }
}
