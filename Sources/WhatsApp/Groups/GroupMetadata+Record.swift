import Foundation
import WhatsAppWire

/// How a group is kept in the store: a version, then fixed fields, then the members in some 14 bytes each.
extension GroupMetadata {
    private static let version: UInt8 = 1

    package var record: [UInt8] {
        var out = GroupRecordWriter()
        out.bytes.reserveCapacity(256 + members.packed.count * 20)
        out.bytes.append(Self.version)
        out.text(jid.user)
        out.text(subject)
        out.jid(subjectAuthor)
        out.date(subjectChangedAt)
        out.date(createdAt)
        out.jid(creator)
        out.number(description == nil ? 0 : 1)
        if let description {
            out.text(description.id)
            out.text(description.text)
            out.jid(description.author)
            out.date(description.changedAt)
        }
        out.number(UInt64(addressingMode.rawValue))
        out.number(UInt64(flags.rawValue))
        out.number(UInt64(ephemeralExpiration))
        out.jid(parent)
        out.text(membersVersion ?? "")
        out.number(UInt64(epoch))
        out.number(UInt64(max(0, size)))
        out.number(UInt64(members.packed.count))
        for member in members.packed {
            out.number(member.user)
            out.number(member.alternate)
            out.bytes.append(member.role.rawValue | (member.isLID ? 0x80 : 0))
        }
        out.number(UInt64(members.others.count))
        for member in members.others {
            out.jid(member.jid)
            out.jid(member.alternate)
            out.bytes.append(member.role.rawValue)
        }
        return out.bytes
    }

    /// Nil when the record is of another version or damaged; the group is then asked for anew.
    package init?(record: some Collection<UInt8>) {
        var reader = GroupRecordReader(record)
        guard let metadata = try? Self.read(&reader) else { return nil }
        self = metadata
    }

    private static func read(_ reader: inout GroupRecordReader) throws(GroupRecordError) -> GroupMetadata {
        guard try reader.byte() == version else { throw .damaged }
        var group = GroupMetadata(jid: JID(user: try reader.text(), server: .group), subject: try reader.text())
        group.subjectAuthor = try reader.jid()
        group.subjectChangedAt = try reader.date()
        group.createdAt = try reader.date()
        group.creator = try reader.jid()
        if try reader.number() == 1 {
            group.description = Description(
                id: try reader.text(),
                text: try reader.text(),
                author: try reader.jid(),
                changedAt: try reader.date()
            )
        }
        guard
            let mode = UInt8(exactly: try reader.number()).flatMap(AddressingMode.init),
            let flags = UInt32(exactly: try reader.number()),
            let expiration = UInt32(exactly: try reader.number())
        else { throw .damaged }
        group.addressingMode = mode
        group.flags = Flags(rawValue: flags)
        group.ephemeralExpiration = expiration
        group.parent = try reader.jid()
        let version = try reader.text()
        group.membersVersion = version.isEmpty ? nil : version
        guard let epoch = UInt32(exactly: try reader.number()) else { throw .damaged }
        group.epoch = epoch
        guard let size = Int(exactly: try reader.number()) else { throw .damaged }
        group.size = size
        group.members = GroupMembers(packed: try packedMembers(&reader), others: try otherMembers(&reader))
        guard reader.isAtEnd else { throw .damaged }
        return group
    }

    private static func packedMembers(
        _ reader: inout GroupRecordReader
    ) throws(GroupRecordError) -> [GroupMembers.Packed] {
        let count = try reader.count(limit: GroupMembers.limit)
        var members: [GroupMembers.Packed] = []
        members.reserveCapacity(count)
        for _ in 0..<count {
            let user = try reader.number()
            let alternate = try reader.number()
            let byte = try reader.byte()
            guard let role = GroupMember.Role(rawValue: byte & 0x7f) else { throw .damaged }
            members.append(.init(user: user, alternate: alternate, isLID: byte & 0x80 != 0, role: role))
        }
        return members
    }

    private static func otherMembers(_ reader: inout GroupRecordReader) throws(GroupRecordError) -> [GroupMember] {
        var members: [GroupMember] = []
        for _ in 0..<(try reader.count(limit: GroupMembers.limit)) {
            guard let jid = try reader.jid() else { throw .damaged }
            let alternate = try reader.jid()
            guard let role = GroupMember.Role(rawValue: try reader.byte()) else { throw .damaged }
            members.append(GroupMember(jid: jid, alternate: alternate, role: role))
        }
        return members
    }
}
