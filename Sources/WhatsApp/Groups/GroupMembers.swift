package import WhatsAppWire

/// The members of a group, 24 bytes each, so that a community's announcement group fits into a cache of thousands.
///
/// The order is that of the service, later arrivals last. Nobody is in it twice. Every change is one pass over the list,
/// however many members it concerns.
package struct GroupMembers: Sendable, Equatable {
    /// As many as are taken from an answer; the largest groups of the service have 5,000.
    package static let limit = 50_000

    /// A member whose addresses are numbers, as nearly all are.
    struct Packed: Sendable, Equatable {
        var user: UInt64
        /// 0 where it is not known.
        var alternate: UInt64
        var isLID: Bool
        var role: GroupMember.Role
    }

    private(set) var packed: [Packed] = []
    /// Those that cannot be packed.
    private(set) var others: [GroupMember] = []

    package init() {}

    package init(_ members: some Sequence<GroupMember>) {
        put(members)
    }

    init(packed: [Packed], others: [GroupMember]) {
        self.packed = packed
        self.others = others
    }

    /// The member with that address, by LID or by phone number.
    package func member(_ jid: JID) -> GroupMember? {
        let bare = jid.withoutDevice
        if let name = Name(bare) {
            let found = packed.first {
                ($0.user == name.user && $0.isLID == name.isLID)
                    || ($0.alternate == name.user && $0.isLID != name.isLID)
            }
            if let found { return GroupMember(found) }
        }
        return others.first { $0.jid == bare || $0.alternate == bare }
    }

    /// Adds members; one that is there already is replaced.
    package mutating func put(_ members: some Sequence<GroupMember>) {
        var seen: Set<JID> = []
        let fresh = members.filter { seen.insert($0.jid).inserted }
        if !isEmpty { remove(fresh) }
        for member in fresh.prefix(Swift.max(0, Self.limit - count)) {
            if let small = Packed(member) { packed.append(small) } else { others.append(member) }
        }
    }

    package mutating func remove(_ members: some Sequence<GroupMember>) {
        let names = Names(members)
        packed.removeAll(where: names.contain)
        others.removeAll(where: names.contain)
    }

    package mutating func setRole(_ role: GroupMember.Role, of members: some Sequence<GroupMember>) {
        let names = Names(members)
        for index in packed.indices where names.contain(packed[index]) { packed[index].role = role }
        for index in others.indices where names.contain(others[index]) { others[index].role = role }
    }

    /// Whether everybody of an earlier list is still there.
    package func hasAll(of earlier: GroupMembers) -> Bool {
        let names = Names(self)
        return earlier.packed.allSatisfy(names.contain) && earlier.others.allSatisfy(names.contain)
    }

    /// Those whose pair of addresses is not the same in an earlier list.
    package func newPairs(since earlier: GroupMembers?) -> [GroupMember] {
        guard let earlier else { return filter { $0.alternate != nil } }
        let known = Set(earlier.packed.map { Pair(user: $0.user, alternate: $0.alternate) })
        return packed.lazy.filter { $0.alternate != 0 && !known.contains(Pair(user: $0.user, alternate: $0.alternate)) }
            .map { GroupMember($0) } + others.filter { $0.alternate != nil }
    }

    /// About how much memory the list takes.
    package var byteCount: Int { packed.count * MemoryLayout<Packed>.stride + others.count * 256 }
}

extension GroupMembers: RandomAccessCollection {
    package var startIndex: Int { 0 }
    package var endIndex: Int { packed.count + others.count }

    package subscript(position: Int) -> GroupMember {
        position < packed.count ? GroupMember(packed[position]) : others[position - packed.count]
    }
}

/// An address that is a number on one of the two usual servers.
private struct Name: Hashable {
    let user: UInt64
    let isLID: Bool

    init(user: UInt64, isLID: Bool) {
        self.user = user
        self.isLID = isLID
    }

    /// Nil where the number would not give back the same text.
    init?(_ jid: JID) {
        guard
            jid.server == .lid || jid.server == .user, jid.device == 0, jid.agent == 0, jid.integrator == 0,
            let first = jid.user.utf8.first, first != UInt8(ascii: "0"), first != UInt8(ascii: "+"),
            let user = UInt64(jid.user)
        else { return nil }
        self.init(user: user, isLID: jid.server == .lid)
    }

    var jid: JID { JID(user: String(user), server: isLID ? .lid : .user) }
}

private struct Pair: Hashable {
    let user: UInt64
    let alternate: UInt64
}

/// Whom a change concerns, under both of their addresses.
private struct Names {
    private var numbers: Set<Name> = []
    private var jids: Set<JID> = []

    init(_ members: some Sequence<GroupMember>) {
        for member in members {
            add(member.jid)
            if let alternate = member.alternate { add(alternate) }
        }
    }

    private mutating func add(_ jid: JID) {
        if let name = Name(jid) { numbers.insert(name) } else { jids.insert(jid) }
    }

    func contain(_ member: GroupMembers.Packed) -> Bool {
        numbers.contains(Name(user: member.user, isLID: member.isLID))
            || (member.alternate != 0 && numbers.contains(Name(user: member.alternate, isLID: !member.isLID)))
    }

    func contain(_ member: GroupMember) -> Bool {
        contains(member.jid) || member.alternate.map(contains) == true
    }

    private func contains(_ jid: JID) -> Bool {
        Name(jid).map(numbers.contains) ?? jids.contains(jid)
    }
}

extension GroupMembers.Packed {
    fileprivate init?(_ member: GroupMember) {
        guard let name = Name(member.jid) else { return nil }
        var alternate: UInt64 = 0
        if let other = member.alternate {
            guard let name = Name(other), name.isLID != (member.jid.server == .lid) else { return nil }
            alternate = name.user
        }
        self.init(user: name.user, alternate: alternate, isLID: name.isLID, role: member.role)
    }
}

extension GroupMember {
    fileprivate init(_ packed: GroupMembers.Packed) {
        self.init(
            jid: Name(user: packed.user, isLID: packed.isLID).jid,
            alternate: packed.alternate == 0 ? nil : Name(user: packed.alternate, isLID: !packed.isLID).jid,
            role: packed.role
        )
    }
}
