import { POD_TEMPLATES } from "../../api/names/resources.ts";
import { fieldsOf } from "../../../sdk/wire/json.ts";
import type { Kind } from "./kind.ts";
import { type Labels } from "../../api/values/label_selector.ts";
import { labelProblems } from "./metadata.ts";
import { podSpecProblems } from "./pod_problems.ts";
import { storedPodTemplate } from "./pod_template.ts";

/** PodTemplates: a template that nobody makes pods of, until something refers to it. */
export const POD_TEMPLATE_KIND: Kind = Object.freeze<Kind>({
  type: POD_TEMPLATES,
  isCustom: false,
  hasStatus: false,
  generation: "body",
  selectableFields: {},
  stored: ({ template }, { before }) => ({
    template: template !== undefined && template === before?.["template"]
      ? template
      : storedPodTemplate(template),
  }),
  firstStatus: () => undefined,
  problems({ template }) {
    const { metadata, spec } = fieldsOf(template);
    const labels = fieldsOf(fieldsOf(metadata)["labels"]) as Labels;
    return [
      ...labelProblems(labels, "template.labels"),
      ...podSpecProblems(fieldsOf(spec), "template.spec"),
    ];
  },
  unreadable: () => undefined,
});
