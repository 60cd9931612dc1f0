CREATE TABLE public.features (
  feature_key text PRIMARY KEY,
  description text NOT NULL
);

CREATE TABLE public.plan_features (
  plan_id integer NOT NULL CONSTRAINT plan_features_plan_fkey REFERENCES public.plans (plan_id) ON DELETE CASCADE,
  feature_key text NOT NULL CONSTRAINT plan_features_feature_fkey REFERENCES public.features (feature_key),
  PRIMARY KEY (plan_id, feature_key)
);

INSERT INTO public.features (feature_key, description)
VALUES ('coupons', 'Coupons and discounts'), ('reviews', 'Product reviews'), ('api', 'Programming interface');

INSERT INTO public.plan_features (plan_id, feature_key)
SELECT p.plan_id, f.feature_key
FROM public.plans AS p
CROSS JOIN public.features AS f
WHERE p.name = 'Scale' OR (p.name = 'Growth' AND f.feature_key <> 'api');
