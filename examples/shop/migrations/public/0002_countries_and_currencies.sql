CREATE TABLE public.currencies (
  currency_code char(3) PRIMARY KEY,
  name text NOT NULL,
  minor_digits smallint NOT NULL DEFAULT 2 CHECK (minor_digits BETWEEN 0 AND 4)
);

CREATE TABLE public.countries (
  country_code char(2) PRIMARY KEY,
  name text NOT NULL,
  currency_code char(3) NOT NULL CONSTRAINT countries_currency_fkey REFERENCES public.currencies (currency_code)
);

INSERT INTO public.currencies (currency_code, name, minor_digits)
VALUES ('EUR', 'Euro', 2), ('SEK', 'Swedish krona', 2), ('JPY', 'Yen', 0), ('USD', 'US dollar', 2);

INSERT INTO public.countries (country_code, name, currency_code)
VALUES ('DE', 'Germany', 'EUR'), ('FR', 'France', 'EUR'), ('SE', 'Sweden', 'SEK'), ('JP', 'Japan', 'JPY'), ('US', 'United States', 'USD');
