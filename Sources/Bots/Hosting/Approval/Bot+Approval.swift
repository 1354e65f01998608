package import Foundation

// The state machine: new -> approved -> expired -> approved ..., and rejected from new.
extension Bot {
    /// Lets a new or rejected bot run for a while.
    package mutating func approve(for duration: ApprovalDuration, by cause: String, at now: Date) throws(HostingError) {
        switch approval.value {
        case .new, .rejected: break
        case .approved, .expired: throw .wrongApproval(approval.value)
        }
        approval = Axis(.approved, at: now, cause: cause)
        approvedAt = now
        self.duration = duration
        expiresAt = duration.end(after: now)
        renewal = nil
        desired = Axis(true, at: now, cause: "approved")
    }

    package mutating func reject(by cause: String, at now: Date) throws(HostingError) {
        guard approval.value == .new else { throw .wrongApproval(approval.value) }
        approval = Axis(.rejected, at: now, cause: cause)
        desired = Axis(false, at: now, cause: "rejected")
    }

    /// Adds time from the end of what is left, or from now where nothing is, and lets it run again.
    package mutating func renew(for duration: ApprovalDuration, by cause: String, at now: Date) throws(HostingError) {
        switch approval.value {
        case .approved, .expired: break
        case .new, .rejected: throw .wrongApproval(approval.value)
        }
        let wasExpired = approval.value == .expired
        approval = Axis(.approved, at: now, cause: cause)
        self.duration = duration
        expiresAt = duration.end(after: max(now, expiresAt ?? now))
        renewal = nil
        if wasExpired { desired = Axis(true, at: now, cause: "renewed") }
    }

    /// The time is over; false when it is not.
    package mutating func expire(at now: Date) -> Bool {
        guard approval.value == .approved, let expiresAt, expiresAt <= now else { return false }
        approval = Axis(.expired, at: now, cause: "time_over")
        desired = Axis(false, at: now, cause: "expired")
        hold = nil
        return true
    }

    /// Turns it on or off for its owner.
    package mutating func want(_ isWanted: Bool, by cause: String, at now: Date) throws(HostingError) {
        if isWanted, !isApproved(at: now) {
            throw approval.value == .approved ? .wrongApproval(.expired) : .wrongApproval(approval.value)
        }
        desired = Axis(isWanted, at: now, cause: cause)
    }
}
