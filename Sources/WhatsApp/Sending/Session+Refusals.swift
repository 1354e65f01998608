internal import WhatsAppWire

extension Session {
    /// What a refused message tells about the account.
    func refused(_ error: Int, _ prepared: PreparedMessage) async {
        switch error {
        case 463:
            setRestrictions { $0.isReachOutLocked = true }
            note(.warning, "The service refused a message to somebody who does not know the account (463).")
            await issueToken(to: prepared.chat, isRepeat: false)
            await refreshReachOutLock()
        case 475:
            setRestrictions { $0.isNewChatCapReached = true }
            note(.warning, "The account may not start new chats for now (475).")
            await refreshNewChatCap()
        case 479: forgetDevicesAndMembers(of: prepared)
        default: break
        }
    }
}
