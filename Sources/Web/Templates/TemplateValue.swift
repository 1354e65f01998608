internal import Mustache

/// A value whose properties a template reads: each value is reflected once, where Mustache alone does it for each name.
final class TemplateValue: MustacheParent, CustomStringConvertible {
    private let value: Any
    private lazy var properties = Self.properties(of: value)

    init(_ value: Any) {
        self.value = value
    }

    var description: String { String(describing: value) }

    func child(named name: String) -> Any? { properties[name] }

    private static func properties(of value: Any) -> [String: Any] {
        let children = Mirror(reflecting: value).children
        var properties: [String: Any] = [:]
        properties.reserveCapacity(children.count)
        for child in children {
            guard let label = child.label else { continue }
            properties[label] = content(child.value)
        }
        return properties
    }

    /// What Mustache shows as it is stays so; nil stands for nothing.
    private static func content(_ value: Any) -> Any? {
        switch value {
        case is String, is Bool, is Int: return value
        case let text as String?: return text
        case is any MustacheParent, is any MustacheCustomRenderable: return value
        default: break
        }
        let mirror = Mirror(reflecting: value)
        switch mirror.displayStyle {
        case .optional: return mirror.children.first.flatMap { content($0.value) }
        case .collection: return mirror.children.map { content($0.value) ?? "" }
        case .struct, .class, .tuple: return TemplateValue(value)
        default: return value
        }
    }
}
