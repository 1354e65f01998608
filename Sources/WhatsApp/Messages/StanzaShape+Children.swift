internal import WhatsAppProtobufs
internal import WhatsAppWire

extension StanzaShape {
    static func meta(of message: WAMessage, _ field: ContentField?, isViewOnce: Bool) -> BinaryNode? {
        var attributes: BinaryNode.Attributes = [:]
        switch field {
        case .poll: attributes["polltype"] = "creation"
        case .pollUpdate: attributes["polltype"] = "vote"
        case .pollResult: attributes["polltype"] = "result_snapshot"
        case .event: attributes["event_type"] = "creation"
        case .eventResponse: attributes["event_type"] = "response"
        case .secretEncrypted:
            switch message.secretEncryptedMessage.secretEncType {
            case .eventEdit: attributes["event_type"] = "edit"
            case .pollEdit, .pollAddOption: attributes["polltype"] = "edit"
            case .messageEdit, .messageSchedule, .unknown: break
            }
        case .protocolMessage where message.protocolMessage.type == .groupMemberLabelChange:
            attributes["tag_reason"] = "user_update"
            attributes["appdata"] = "member_tag"
        default: break
        }
        if isViewOnce { attributes["view_once"] = "true" }
        return attributes.count == 0 ? nil : BinaryNode("meta", attributes)
    }

    /// Clients refuse to show lists and native-flow buttons without it.
    static func business(of message: WAMessage, _ field: ContentField?) -> BinaryNode? {
        switch field {
        case .list:
            let type = message.listMessage.listType == .productList ? "product_list" : "single_select"
            return BinaryNode("biz", children: [BinaryNode("list", ["type": .text(type), "v": "2"])])
        case .buttons:
            return nativeFlow("mixed", version: "9")
        case .interactive where message.interactiveMessage.hasNativeFlowMessage:
            let name = flowName(message.interactiveMessage.nativeFlowMessage)
            return nativeFlow(name, version: name == "mixed" ? "9" : nil)
        default:
            return nil
        }
    }

    /// Payments and the like are named by their first button, everything else is `mixed`.
    private static func flowName(_ flow: WAInteractiveMessage.NativeFlowMessage) -> String {
        switch flow.buttons.first?.name {
        case "review_and_pay": "order_details"
        case "review_order", "order_status": "order_status"
        case "payment_info": "payment_info"
        case "open_webview": "message_with_link"
        default: "mixed"
        }
    }

    private static func nativeFlow(_ name: String, version: String?) -> BinaryNode {
        let flow = BinaryNode("native_flow", ["name": .text(name), "v": version.map { .text($0) }])
        return BinaryNode(
            "biz",
            children: [BinaryNode("interactive", ["type": "native_flow", "v": "1"], children: [flow])]
        )
    }
}
